// What docs/clients.md and docs/clients say follows the schema.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parse, validate } from 'graphql';
import { customScalars, derived, FILES, schema, write } from './derive.mjs';

const read = (name) => readFileSync(new URL(name, FILES), 'utf8');
const guide = readFileSync(new URL('../clients.md', FILES), 'utf8');
const readme = readFileSync(new URL('../../README.md', FILES), 'utf8');

/** The documents of a page. */
const examples = (page) => [...page.matchAll(/```graphql\n(.*?)```/gs)].map(([, text]) => text);

/** What is wrong with a document, which may use the fragments of docs/clients. */
function problems(text) {
  const own = parse(text).definitions;
  const fragments = parse(read('fragments.graphql')).definitions.filter((shared) => !own.some(({ name }) => name?.value === shared.name.value));
  const document = { kind: 'Document', definitions: [...own, ...fragments] };
  return validate(schema, document).map(({ message }) => message).filter((message) => !message.endsWith('is never used.'));
}

test('the derived files are those of the schema', () => {
  for (const [name, value] of Object.entries(derived)) {
    assert.equal(read(name), write(value), `docs/clients/${name} is not up to date: run node derive.mjs in tests/clients`);
  }
});

test('the configuration of codegen knows every scalar', () => {
  const { config } = JSON.parse(read('codegen.json')).generates['src/gql/'];
  assert.deepEqual(Object.keys(config.scalars).sort(), customScalars);
});

test('the fragments are valid', () => {
  assert.deepEqual(problems('{ __typename }'), []);
});

test('every example of the guide and of the README is valid', () => {
  assert.ok(examples(guide).length > 2 && examples(readme).length > 0);
  for (const example of [...examples(guide), ...examples(readme)]) {
    // @alias is a directive of Relay's compiler.
    assert.deepEqual(problems(example.replaceAll(/ @alias\(.*?\)/g, '')), [], example);
  }
});

test('the README selects dates as the guide says', () => {
  const dates = (text) => text.match(/fragment DateFields on FuzzyDate \{.*?\n\}/s)[0];
  assert.equal(dates(readme), dates(read('fragments.graphql')));
});

test('the guide names every file', () => {
  for (const name of readdirSync(FILES)) {
    assert.ok(guide.includes(`clients/${name}`), `docs/clients.md does not name ${name}`);
  }
});
