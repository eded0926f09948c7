// The name in the page's corner, and beside it whether an access token is in use.
import { useSyncExternalStore } from 'react';
import { currentToken, dropToken, onTokenChange } from './token.js';
import icon from './favicon.svg';

export function Brand() {
  const token = useSyncExternalStore(onTokenChange, currentToken);
  return (
    <div className="dateline-brand">
      {token && (
        <button type="button" onClick={dropToken} title="Requests carry an access token. Click to drop it.">
          Token in use
        </button>
      )}
      <a href="/schema.graphql" target="_blank" rel="noreferrer" title="The schema as a file">
        Schema
      </a>
      <img src={icon} alt="" width="20" height="20" />
      <strong>Dateline</strong>
    </div>
  );
}
