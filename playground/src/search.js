// What the search panel asks, and the document by which it opens a record in the editor.
import { ask } from './ask.js';

const SUGGEST = `query SuggestNames($prefix: String!, $types: [RecordType!]) {
  suggest(prefix: $prefix, types: $types, first: 8) {
    record { __typename id key }
    name { text language }
    highlights { start end }
  }
}`;

const SEARCH = `query SearchRecords($query: String!, $types: [RecordType!], $after: String) {
  search(query: $query, types: $types, first: 20, after: $after) {
    totalCount
    pageInfo { hasNextPage endCursor }
    edges {
      node { __typename id key name }
      matches { field language text highlights { start end } }
    }
  }
}`;

/** The types of record that can be chosen, with their names. */
export const TYPES = { ARTICLE: 'Articles', PLACE: 'Places', ORGANIZATION: 'Organizations', PERSON: 'People', EVENT: 'Events' };

const chosen = (type) => (type ? [type] : null);

/** Names that have a word which begins with what was typed. */
export const suggest = async (prefix, type, signal) => (await ask(SUGGEST, { prefix, types: chosen(type) }, signal)).suggest;

/** The first hits, or those after a cursor. */
export const search = async (query, type, after, signal) =>
  (await ask(SEARCH, { query, types: chosen(type), after }, signal)).search;

const EVENTS = 'events(first: 10) { nodes { name date { edtf label } } }';
const NAMES = 'names { text language kind }\n    description';
const SELECTIONS = {
  Article: `headline
    language
    publishedOn
    url
    abstract
    body
    publisher { name }
    places { nodes { name } }
    organizations { nodes { name } }
    people { nodes { name } }`,
  Place: `${NAMES}
    kind
    countryCode
    containedIn { name }
    ${EVENTS}
    articles(first: 10) { nodes { headline publishedOn } }`,
  Organization: `${NAMES}
    kind
    country { name }
    ${EVENTS}
    articles(first: 10) { nodes { headline publishedOn } }`,
  Person: `${NAMES}
    occupation
    born { label }
    died { label }
    ${EVENTS}
    articles(first: 10) { nodes { headline publishedOn } }`,
  Event: `${NAMES}
    kind
    status
    date { edtf label }
    places { nodes { name } }
    participants { nodes { role participant { name } description } }
    citations(first: 10) { nodes { quote article { headline } } }`,
};

/** A document that asks for a record. */
export function documentOf({ __typename: type, id, key }) {
  const field = type.toLowerCase();
  const reference = JSON.stringify(key ?? id);
  return `query ${type} {\n  ${field}(id: ${reference}) {\n    id\n    ${SELECTIONS[type]}\n  }\n}\n`;
}
