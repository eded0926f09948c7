// How the page speaks to the server: POST for queries and mutations, graphql-transport-ws for subscriptions, both at
// /graphql on the page's own origin, with the access token if there is one.
import { createGraphiQLFetcher } from '@graphiql/toolkit';
import { createClient } from 'graphql-ws';
import { currentToken, dropToken } from './token.js';

const ENDPOINT = new URL('/graphql', location.href);
const SOCKET = new URL(ENDPOINT);
SOCKET.protocol = SOCKET.protocol.replace('http', 'ws');

/** Like `fetch`, with the access token if there is one. */
export async function fetchWithToken(url, options) {
  const headers = new Headers(options.headers);
  const token = currentToken();
  // What is typed into the headers pane goes first.
  if (!token || headers.has('authorization')) return fetch(url, options);
  headers.set('authorization', `Bearer ${token}`);
  const response = await fetch(url, { ...options, headers });
  if (response.status !== 401) return response;
  // A token that ran out (a demo server was started anew, say) must not lock its owner out of reading.
  dropToken();
  return fetch(url, options);
}

export const fetcher = createGraphiQLFetcher({
  url: ENDPOINT.href,
  fetch: fetchWithToken,
  enableIncrementalDelivery: false,
  wsClient: createClient({
    url: SOCKET.href,
    connectionParams: () => {
      const token = currentToken();
      return token ? { authorization: `Bearer ${token}` } : {};
    },
  }),
});
