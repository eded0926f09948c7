// The cache and the link of Apollo Client 4. Older versions take the same options.

import { readFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { HttpLink, InMemoryCache } from '@apollo/client';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { relayStylePagination } from '@apollo/client/utilities';

// With a bundler: import possibleTypes from './possible-types.json'
const read = (name) => JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8'));
const possibleTypes = read('possible-types.json');
const connections = read('connections.json');

/** Every list is paged by its edges. The arguments of `where` and `orderBy` make it another list. */
const pagedLists = Object.fromEntries(
  Object.entries(connections).map(([type, fields]) => [
    type,
    { fields: Object.fromEntries(Object.entries(fields).map(([field, args]) => [field, relayStylePagination(args)])) },
  ]),
);

export const createCache = () => new InMemoryCache({ possibleTypes, typePolicies: pagedLists });

/** Sends the hash of a query, and the query itself only once. In a browser, take `sha256` from the package crypto-hash. */
export const createLink = (options) =>
  new PersistedQueryLink({ sha256: (query) => createHash('sha256').update(query).digest('hex') }).concat(new HttpLink(options));
