// The examples, in the order of their file names. Each is a document in examples/, and where it takes variables, a JSON
// file of the same name beside it; the server's tests run every one of them.
const documents = import.meta.glob('../examples/*.graphql', { query: '?raw', import: 'default', eager: true });
const variables = import.meta.glob('../examples/*.json', { query: '?raw', import: 'default', eager: true });

const comment = (line) => line.startsWith('#');

export const EXAMPLES = Object.keys(documents)
  .sort()
  .map((path) => {
    const query = documents[path];
    return {
      title: query.split('\n').find(comment).slice(1).trim(),
      query,
      variables: variables[path.replace(/\.graphql$/, '.json')],
    };
  });
