// The normalized cache of urql (@urql/exchange-graphcache).

import { readFileSync } from 'node:fs';
import { cacheExchange } from '@urql/exchange-graphcache';
import { relayPagination } from '@urql/exchange-graphcache/extras';

// With a bundler: import typesWithoutId from './types-without-id.json'
const read = (name) => JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8'));
const typesWithoutId = read('types-without-id.json');
const connections = read('connections.json');

/** Objects of these types are stored within their record. */
const keys = Object.fromEntries(typesWithoutId.map((type) => [type, () => null]));

const resolvers = Object.fromEntries(
  Object.entries(connections).map(([type, fields]) => [
    type,
    Object.fromEntries(Object.keys(fields).map((field) => [field, relayPagination()])),
  ]),
);

/** `schema`: the result of an introspection query, which says which types an interface has. `logger`: where warnings go. */
export const createCache = (schema, logger) => cacheExchange({ schema, keys, resolvers, logger });
