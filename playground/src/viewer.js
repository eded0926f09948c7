// Whose token is in use: asked of the server whenever the token changes.
import { useEffect, useState, useSyncExternalStore } from 'react';
import { ask } from './ask.js';
import { currentToken, onTokenChange } from './token.js';

const WHO_ASKS = 'query WhoAsks { viewer { name role } }';

/** Null without a token; else the name and the role that it stands for, both missing until the server has told them. */
export function useViewer() {
  const token = useSyncExternalStore(onTokenChange, currentToken);
  const [viewer, setViewer] = useState(null);
  useEffect(() => {
    setViewer(null);
    if (!token) return undefined;
    const asking = new AbortController();
    // Where the server cannot be asked, the next request tells more about that than this could.
    ask(WHO_ASKS, {}, asking.signal).then(({ viewer }) => setViewer(viewer), () => {});
    return () => asking.abort();
  }, [token]);
  return token ? { name: viewer?.name, role: viewer?.role } : null;
}
