// The access token: handed over in the address's fragment (`/#token=...`), which browsers never send to a server. It is
// taken out of the address bar at once and kept for this tab only, until the tab is closed or the token is dropped.
const KEY = 'dateline:token';
const listeners = new Set();

const publish = () => listeners.forEach((listener) => listener());

function takeFromAddress() {
  const fragment = new URLSearchParams(location.hash.slice(1));
  const token = fragment.get('token')?.trim();
  if (!fragment.has('token')) return;
  fragment.delete('token');
  const rest = fragment.toString();
  history.replaceState(history.state, '', location.pathname + location.search + (rest && `#${rest}`));
  if (token) {
    sessionStorage.setItem(KEY, token);
    publish();
  }
}

/** The token in use, or null. */
export const currentToken = () => sessionStorage.getItem(KEY);

/** Drops the token: from here on requests are anonymous. */
export function dropToken() {
  sessionStorage.removeItem(KEY);
  publish();
}

/** Calls `listener` at every change of the token; gives a function that ends this. */
export function onTokenChange(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

takeFromAddress();
addEventListener('hashchange', takeFromAddress);
