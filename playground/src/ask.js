// Questions that the page asks by itself, with the access token if there is one.
import { fetchWithToken } from './fetcher.js';

/** The data of an answer. Fails with the server's message where there is an error. */
export async function ask(query, variables, signal) {
  const response = await fetchWithToken('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
    signal,
  });
  const { data, errors } = await response.json();
  if (errors?.length) throw new Error(errors[0].message);
  return data;
}
