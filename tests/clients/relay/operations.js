// The operations of relay.test.mjs, for relay-compiler. The test imports what it makes of them.

import { graphql } from 'relay-runtime';

graphql`
  query operationsEventsQuery($key: String!) {
    events(first: 5, where: { key: { equals: $key } }) @connection(key: "operations_events") {
      edges {
        node {
          ...operations_event
        }
      }
    }
  }
`;

graphql`
  fragment operations_event on Event {
    id
    version
    name
    date {
      ...operations_date
    }
  }
`;

graphql`
  fragment operations_date on FuzzyDate {
    edtf
    earliest
    latest
    label
  }
`;

// A fragment on one type, spread where any record may come, needs @alias.
graphql`
  query operationsRecordQuery($key: String!) {
    record(key: $key) {
      __typename
      id
      ...operations_event @alias(as: "event")
    }
  }
`;

graphql`
  mutation operationsCreateMutation($input: CreateEventInput!, $connections: [ID!]!) {
    createEvent(input: $input) {
      eventEdge @appendEdge(connections: $connections) {
        cursor
        node {
          ...operations_event
        }
      }
      userErrors {
        code
        message
        field
      }
    }
  }
`;

graphql`
  mutation operationsChangeMutation($changes: [ChangeInput!]!) {
    applyChanges(changes: $changes) {
      results {
        recordId
        record {
          ...operations_event @alias(as: "event")
        }
      }
      userErrors {
        code
        message
        field
      }
    }
  }
`;

graphql`
  mutation operationsChangeIdsMutation($changes: [ChangeInput!]!) {
    applyChanges(changes: $changes) {
      results {
        recordId
      }
      userErrors {
        code
        message
        field
      }
    }
  }
`;

graphql`
  mutation operationsDeleteMutation($id: ID!, $version: Int!) {
    deleteRecord(id: $id, version: $version) {
      deletedId
      userErrors {
        code
        message
        field
      }
    }
  }
`;

graphql`
  mutation operationsDeleteFromListMutation($id: ID!, $version: Int!, $connections: [ID!]!) {
    deleteRecord(id: $id, version: $version) {
      deletedId @deleteEdge(connections: $connections) @deleteRecord
      userErrors {
        code
        message
        field
      }
    }
  }
`;
