// The name in the page's corner, and beside it whose access token is in use.
import { dropToken } from './token.js';
import { useViewer } from './viewer.js';
import icon from './favicon.svg';

function Viewer({ name, role }) {
  // Isolated, since a name may be written from right to left.
  const whose = name && `Requests carry the access token of \u2068${name}\u2069 (${role}).`;
  return (
    <span className="dateline-viewer" title={whose}>
      <bdi>{name ?? 'Token in use'}</bdi>
      {role && <small>{role.toLowerCase()}</small>}
      <button type="button" onClick={dropToken} aria-label="Drop the access token" title="Drop the access token">
        ×
      </button>
    </span>
  );
}

export function Brand() {
  const viewer = useViewer();
  return (
    <div className="dateline-brand">
      {viewer && <Viewer {...viewer} />}
      <a href="/schema.graphql" target="_blank" rel="noreferrer" title="The schema as a file">
        Schema
      </a>
      <img src={icon} alt="" width="20" height="20" />
      <strong>Dateline</strong>
    </div>
  );
}
