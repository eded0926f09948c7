// Whose token is in use: asked of the server whenever the token changes.
import { useEffect, useState, useSyncExternalStore } from 'react';
import { fetchWithToken } from './fetcher.js';
import { currentToken, onTokenChange } from './token.js';

async function ask(signal) {
  const response = await fetchWithToken('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: 'query WhoAsks { viewer { name role } }' }),
    signal,
  });
  return (await response.json()).data?.viewer;
}

/** Null without a token; else the name and the role that it stands for, both missing until the server has told them. */
export function useViewer() {
  const token = useSyncExternalStore(onTokenChange, currentToken);
  const [viewer, setViewer] = useState(null);
  useEffect(() => {
    setViewer(null);
    if (!token) return undefined;
    const asking = new AbortController();
    // Where the server cannot be asked, the next request tells more about that than this could.
    ask(asking.signal).then(setViewer, () => {});
    return () => asking.abort();
  }, [token]);
  return token ? { name: viewer?.name, role: viewer?.role } : null;
}
