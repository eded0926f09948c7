// Relay's store holds every object with an `id` under that id. A payload must therefore never carry the id of another object.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { before, test } from 'node:test';
import compiler from 'relay-compiler';
import relay from 'relay-runtime';
import { customScalars, FILES } from './derive.mjs';
import { ask, BUILD, freshKey } from './server.mjs';

const { commitMutation, ConnectionHandler, createOperationDescriptor, Environment, fetchQuery, Network, RecordSource, Store } = relay;
const documentedConfig = JSON.parse(readFileSync(new URL('relay.config.json', FILES)));

const run = async ({ text }, variables) => ({ data: await ask(text, variables) });
const compiled = async (name) => (await import(new URL(`relay/operations${name}.graphql.js`, BUILD))).default;

before(() => {
  const config = new URL('relay.config.json', import.meta.url);
  const paths = { src: './relay', schema: '../../schema.graphql', artifactDirectory: './build/relay' };
  rmSync(new URL('relay', BUILD), { recursive: true, force: true });
  mkdirSync(new URL('relay', BUILD), { recursive: true });
  writeFileSync(new URL('package.json', BUILD), '{ "type": "module" }');
  writeFileSync(config, JSON.stringify({ ...documentedConfig, ...paths }));
  try {
    const { status, stdout, stderr } = spawnSync(compiler, [fileURLToPath(config)], { cwd: fileURLToPath(new URL('.', import.meta.url)), encoding: 'utf8' });
    assert.equal(status, 0, `${stdout}${stderr}`);
  } finally {
    rmSync(config);
  }
});

/** A store with the list of one event, which is new. */
async function start() {
  const key = freshKey();
  const input = { key, name: 'A meeting', language: 'en', kind: 'MEETING', date: { edtf: '2015-02~' } };
  const { createEvent } = await ask('mutation ($input: CreateEventInput!) { createEvent(input: $input) { event { id } } }', { input });
  const environment = new Environment({ network: Network.create(run), store: new Store(new RecordSource()) });
  const query = await compiled('EventsQuery');
  const operation = createOperationDescriptor(query, { key });
  environment.retain(operation);
  await fetchQuery(environment, query, { key }).toPromise();
  const connections = [ConnectionHandler.getConnectionID('client:root', 'operations_events', { where: { key: { equals: key } } })];
  const stored = (id) => environment.getStore().getSource().get(id);
  const names = () =>
    stored(connections[0]).edges.__refs.map((edge) => stored(stored(edge).node.__ref)?.name);
  const mutate = async (name, variables) => {
    const mutation = await compiled(name);
    return new Promise((onCompleted, onError) => commitMutation(environment, { mutation, variables, onCompleted, onError }));
  };
  return { id: createEvent.event.id, key, connections, environment, stored, names, mutate };
}

test('the documented configuration knows every scalar', () => {
  assert.deepEqual(Object.keys(documentedConfig.customScalarTypes).sort(), customScalars);
});

test('a created record is appended to a list by its edge', async () => {
  const { key, connections, names, mutate } = await start();
  assert.deepEqual(names(), ['A meeting']);
  const input = { key: `${key}-2`, name: 'Another meeting', language: 'en', kind: 'MEETING' };
  const { createEvent } = await mutate('CreateMutation', { input, connections });
  assert.deepEqual(createEvent.userErrors, []);
  assert.deepEqual(names(), ['A meeting', 'Another meeting']);
});

test('a create that is refused appends nothing', async () => {
  const { key, connections, names, mutate } = await start();
  const { createEvent } = await mutate('CreateMutation', { input: { key, name: 'Another meeting', language: 'en', kind: 'MEETING' }, connections });
  assert.equal(createEvent.userErrors[0].code, 'DUPLICATE');
  assert.deepEqual(names(), ['A meeting']);
});

test('the answer to a change updates the record in place', async () => {
  const { id, stored, names, mutate } = await start();
  const changes = [{ updateEvent: { id, version: 1, input: { name: 'A summit' } } }];
  const { applyChanges } = await mutate('ChangeMutation', { changes });
  assert.deepEqual(applyChanges.userErrors, []);
  assert.equal(applyChanges.results[0].recordId, id);
  assert.deepEqual(names(), ['A summit']);
});

test('the answer to a change that selects ids alone leaves the record as it is', async () => {
  const { id, stored, names, mutate } = await start();
  const changes = [{ updateEvent: { id, version: 1, input: { name: 'A summit' } } }];
  const { applyChanges } = await mutate('ChangeIdsMutation', { changes });
  assert.equal(applyChanges.results[0].recordId, id);
  assert.equal(stored(id).__typename, 'Event', 'the record is not taken for a result');
  assert.deepEqual(names(), ['A meeting']);
});

test('the answer to a deletion leaves the record as it is', async () => {
  const { id, stored, names, mutate } = await start();
  const { deleteRecord } = await mutate('DeleteMutation', { id, version: 1 });
  assert.equal(deleteRecord.deletedId, id);
  assert.equal(stored(id).__typename, 'Event', 'the record is not taken for a payload');
  assert.deepEqual(names(), ['A meeting']);
});

test('a deleted record leaves its list', async () => {
  const { id, connections, names, mutate } = await start();
  const { deleteRecord } = await mutate('DeleteFromListMutation', { id, version: 1, connections });
  assert.equal(deleteRecord.deletedId, id);
  assert.deepEqual(names(), []);
});

test('a fragment on one type is null for records of another type', async () => {
  const { environment, key } = await start();
  const query = await compiled('RecordQuery');
  const event = await fetchQuery(environment, query, { key }).toPromise();
  assert.notEqual(event.record.event, null);
  const place = await fetchQuery(environment, query, { key: 'country/ly' }).toPromise();
  assert.equal(place.record.event, null);
});
