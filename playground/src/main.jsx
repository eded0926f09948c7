// The page's entry: sets up the editor's workers and draws GraphiQL with Dateline's fetcher, examples and name.
import './workers.js';
import { GraphiQL, HISTORY_PLUGIN } from 'graphiql';
import { explorerPlugin } from '@graphiql/plugin-explorer';
import { createRoot } from 'react-dom/client';
import 'graphiql/style.css';
import '@graphiql/plugin-explorer/style.css';
import './style.css';
import { Brand } from './brand.jsx';
import { EditorSettings } from './editor-settings.jsx';
import { EXAMPLES_PLUGIN } from './examples-plugin.jsx';
import { EXAMPLES } from './examples.js';
import { fetcher } from './fetcher.js';
import { SEARCH_PLUGIN } from './search-plugin.jsx';
import { storage } from './storage.js';

const PLUGINS = [SEARCH_PLUGIN, HISTORY_PLUGIN, explorerPlugin(), EXAMPLES_PLUGIN];
const TABS = EXAMPLES.map(({ query, variables }) => ({ query, variables }));

createRoot(document.getElementById('playground')).render(
  <GraphiQL
    fetcher={fetcher}
    storage={storage}
    plugins={PLUGINS}
    defaultTabs={TABS}
    defaultQuery=""
    defaultEditorToolsVisibility="variables"
    shouldPersistHeaders={false}
  >
    <GraphiQL.Logo>
      <Brand />
    </GraphiQL.Logo>
    <EditorSettings />
  </GraphiQL>,
);
