// A panel that lists the examples, so that they can be had again when their tabs are closed.
import { useGraphiQL, useGraphiQLActions } from '@graphiql/react';
import { EXAMPLES } from './examples.js';

function Icon() {
  return (
    <svg viewBox="0 0 20 20" height="1em" fill="none" stroke="currentColor" strokeWidth="1.5" strokeLinecap="round" aria-hidden="true">
      <path d="M3 15h14M6 15V9m4 6V4m4 11v-4" />
    </svg>
  );
}

function Examples() {
  const { addTab, updateActiveTabValues } = useGraphiQLActions();
  const { queryEditor, variableEditor } = useGraphiQL(({ queryEditor, variableEditor }) => ({ queryEditor, variableEditor }));

  const open = ({ query, variables = '' }) => {
    addTab();
    updateActiveTabValues({ query, variables });
    queryEditor?.setValue(query);
    variableEditor?.setValue(variables);
  };

  return (
    <section aria-label="Examples" className="dateline-examples">
      <header>Examples</header>
      <ul>
        {EXAMPLES.map((example) => (
          <li key={example.title}>
            <button type="button" className="graphiql-un-styled" onClick={() => open(example)}>
              {example.title}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

export const EXAMPLES_PLUGIN = { title: 'Examples', icon: Icon, content: Examples };
