// Apollo Client with the cache and the link of docs/clients/apollo.js.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApolloClient, gql } from '@apollo/client';
import { address, documented, freshKey, headers } from './server.mjs';

const { createCache, createLink } = await documented('apollo.js');

/** A client, and what it sends. */
function start(more = {}) {
  const sent = [];
  const fetchNoted = async (to, options) => {
    const request = options.body ? JSON.parse(options.body) : Object.fromEntries(new URL(to).searchParams);
    const answer = await fetch(to, options);
    sent.push({ method: options.method, hasQuery: 'query' in request, hasHash: JSON.stringify(request).includes('sha256Hash'), status: answer.status });
    return answer;
  };
  const link = createLink({ uri: address, headers: { ...headers, ...more }, fetch: fetchNoted });
  return { sent, client: new ApolloClient({ cache: createCache(), link }) };
}

/** A document that the server has not seen before: its operation has a new name. */
const fresh = (text) => gql(text.replace(/^\w+/, (operation) => `${operation} Q${freshKey().replace(/\W/g, '_')}`));

const LIBYA = 'query ($language: LanguageTag!) { record(key: "country/ly") { id name(languages: [$language]) } }';

test('a query is registered by its second request and found by its hash from then on', async () => {
  const query = fresh(LIBYA);
  const first = start();
  assert.equal((await first.client.query({ query, variables: { language: 'ar' } })).data.record.name, 'ليبيا');
  assert.deepEqual(first.sent.map(({ hasQuery, hasHash }) => [hasQuery, hasHash]), [[false, true], [true, true]]);

  const second = start();
  assert.equal((await second.client.query({ query, variables: { language: 'fr' } })).data.record.name, 'Libye');
  assert.deepEqual(second.sent.map(({ hasQuery, status }) => [hasQuery, status]), [[false, 200]]);
});

test('a mutation is registered, too, and runs once', async () => {
  const { client, sent } = start();
  const mutation = fresh('mutation ($input: CreatePersonInput!) { createPerson(input: $input) { person { id version } userErrors { code } } }');
  const { data } = await client.mutate({ mutation, variables: { input: { key: freshKey(), name: 'Amina' } } });
  assert.deepEqual(data.createPerson.userErrors, []);
  assert.equal(data.createPerson.person.version, 1);
  assert.deepEqual(sent.map(({ hasQuery }) => hasQuery), [false, true]);
});

test('a query that is refused says why, through its hash as well', async () => {
  const { client, sent } = start();
  const query = fresh('query { record(key: "country/ly") { population } }');
  const { error } = await client.query({ query, errorPolicy: 'all' });
  assert.match(error.message, /Use an inline fragment on Place/);
  assert.equal(sent.length, 2);
});

test('fragments on interfaces match the types that possibleTypes names', async () => {
  const { client } = start();
  const query = gql`{ record(key: "country/ly") { __typename ... on Record { id name(languages: ["en"]) } ... on Entity { names { text language kind } } ... on Event { kind } } }`;
  const { data } = await client.query({ query });
  assert.equal(data.record.name, 'Libya');
  assert.ok(data.record.names.length > 3);
  const entity = client.cache.readFragment({ id: `Place:${data.record.id}`, fragment: gql`fragment E on Entity { names { text } }` });
  assert.equal(entity.names.length, data.record.names.length, 'a fragment on an interface is read from the cache');
});

test('names in different languages are kept apart in the cache', async () => {
  const { client, sent } = start();
  const read = async (language) => (await client.query({ query: gql`query Name($language: LanguageTag!) { record(key: "country/ly") { id name(languages: [$language]) } }`, variables: { language } })).data.record.name;
  assert.deepEqual([await read('ar'), await read('fr'), await read('ar')], ['ليبيا', 'Libye', 'ليبيا']);
  assert.ok(sent.length <= 3, 'the third one comes from the cache');
});

test('the pages of a list are joined by its edges, for each filter apart', async () => {
  const { client } = start();
  const query = gql`query Events($first: Int!, $after: String, $where: EventWhere) {
    events(first: $first, after: $after, where: $where) { totalCount edges { node { id } } pageInfo { hasNextPage endCursor } }
  }`;
  const watched = client.watchQuery({ query, variables: { first: 3 } });
  const subscription = watched.subscribe(() => {});
  const { data } = await client.query({ query, variables: { first: 3 } });
  await watched.fetchMore({ variables: { first: 3, after: data.events.pageInfo.endCursor } });
  const joined = client.readQuery({ query, variables: { first: 3 } }).events.edges.map(({ node }) => node.id);
  assert.equal(new Set(joined).size, 6);
  await client.query({ query, variables: { first: 2, where: { kind: { equals: 'MEETING' } } } });
  assert.equal(client.readQuery({ query, variables: { first: 3 } }).events.edges.length, 6, 'another filter is another list');
  subscription.unsubscribe();
});

test('the names and dates of two records do not get into each other', async () => {
  const { client } = start();
  const query = gql`{ events(first: 20) { edges { node { id name(languages: ["en"]) names { text } date { edtf earliest latest isApproximate isUncertain label } } } } }`;
  const { data } = await client.query({ query });
  const read = client.readQuery({ query });
  assert.deepEqual(read, data);
  assert.ok(new Set(read.events.edges.map(({ node }) => node.date?.edtf)).size > 5);
});

test('answers are compressed', async () => {
  const query = '{ places(first: 100) { nodes { id name } } }';
  const answer = await fetch(address, { method: 'POST', headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify({ query }) });
  assert.match(answer.headers.get('content-encoding'), /^(br|gzip)$/);
  assert.equal((await answer.json()).data.places.nodes.length, 100);
});
