// What the files in docs/clients say about the schema, derived from schema.graphql.
//
//   node derive.mjs     writes the files

import { readFileSync, writeFileSync } from 'node:fs';
import { buildSchema, getNamedType, isAbstractType, isInterfaceType, isObjectType, isScalarType, isSpecifiedScalarType } from 'graphql';

export const FILES = new URL('../../docs/clients/', import.meta.url);
export const schema = buildSchema(readFileSync(new URL('../../schema.graphql', import.meta.url), 'utf8'));

const PAGING = ['first', 'after', 'last', 'before'];
const byName = (one, other) => (one.name < other.name ? -1 : 1);
const types = Object.values(schema.getTypeMap()).filter((type) => !type.name.startsWith('__')).sort(byName);
const objects = types.filter(isObjectType);
const fieldsOf = (type) => Object.values(type.getFields()).sort(byName);
const isRoot = (type) => [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].includes(type);

/** The object types of each interface: `possibleTypes` of Apollo. */
const possibleTypes = Object.fromEntries(
  types.filter(isAbstractType).map((type) => [type.name, schema.getPossibleTypes(type).map(({ name }) => name).sort()]),
);

/** The object types without an id: `keys` of urql's Graphcache. */
const typesWithoutId = objects.filter((type) => !type.getFields().id && !isRoot(type)).map(({ name }) => name);

/** For each field that is a connection, the arguments that make it another list: `keyArgs` of Apollo. */
const connections = Object.fromEntries(
  objects
    .map((type) => [
      type.name,
      Object.fromEntries(
        fieldsOf(type)
          .filter((field) => getNamedType(field.type).name.endsWith('Connection'))
          .map((field) => [field.name, field.args.map(({ name }) => name).filter((name) => !PAGING.includes(name)).sort()]),
      ),
    ])
    .filter(([, fields]) => Object.keys(fields).length > 0),
);

export const derived = {
  'possible-types.json': possibleTypes,
  'types-without-id.json': typesWithoutId,
  'connections.json': connections,
};

export const customScalars = types.filter((type) => isScalarType(type) && !isSpecifiedScalarType(type)).map(({ name }) => name);
export const interfaces = types.filter(isInterfaceType).map(({ name }) => name);

export const write = (value) => `${JSON.stringify(value, null, 2)}\n`;

if (import.meta.url === `file://${process.argv[1]}`) {
  for (const [name, value] of Object.entries(derived)) {
    writeFileSync(new URL(name, FILES), write(value));
  }
}
