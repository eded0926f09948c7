// urql with the cache of docs/clients/urql.js, and with persisted queries.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Client, fetchExchange, gql } from '@urql/core';
import { persistedExchange } from '@urql/exchange-persisted';
import { getIntrospectionQuery } from 'graphql';
import { address, ask, documented, headers } from './server.mjs';

const { createCache } = await documented('urql.js');

async function start() {
  const problems = [];
  const sent = [];
  const schema = await ask(getIntrospectionQuery());
  const exchanges = [createCache(schema, (severity, message) => severity !== 'debug' && problems.push(message)), persistedExchange({ enforcePersistedQueries: false, enableForMutation: true, preferGetForPersistedQueries: false }), fetchExchange];
  const fetchNoted = (to, options) => {
    sent.push(JSON.parse(options.body));
    return fetch(to, options);
  };
  return { problems, sent, client: new Client({ url: address, exchanges, preferGetMethod: false, fetch: fetchNoted, fetchOptions: { headers } }) };
}

test('objects without an id are stored within their record, without a warning', async () => {
  const { client, problems, sent } = await start();
  const query = gql`{ events(first: 5) { edges { node { id name names { text language } date { edtf earliest latest isApproximate isUncertain label } places(first: 2) { edges { isCertain node { id name location { latitude longitude } } } } } } pageInfo { hasNextPage endCursor } } }`;
  const first = await client.query(query, {}).toPromise();
  assert.equal(first.error, undefined);
  assert.equal(first.data.events.edges.length, 5);
  const requests = sent.length;
  const second = await client.query(query, {}).toPromise();
  assert.deepEqual(second.data, first.data);
  assert.equal(sent.length, requests, 'the second answer comes from the cache');
  assert.deepEqual(problems, []);
  assert.ok(sent.every((request) => request.extensions.persistedQuery));
});
