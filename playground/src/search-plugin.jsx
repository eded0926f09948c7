// A panel that searches: names while one types, and the full text of all records on Enter. A result opens as a document in the editor.
import { useGraphiQL, useGraphiQLActions } from '@graphiql/react';
import { useEffect, useId, useRef, useState } from 'react';
import { TYPES, documentOf, search, suggest } from './search.js';

/** How long to wait for the next letter. */
const PAUSE = 150;

function Icon() {
  return (
    <svg viewBox="0 0 20 20" height="1em" fill="none" stroke="currentColor" strokeWidth="1.5" strokeLinecap="round" aria-hidden="true">
      <circle cx="8.5" cy="8.5" r="5.5" />
      <path d="m13 13 4.5 4.5" />
    </svg>
  );
}

/**
 * A text with marks where words were found. Positions count code points, as in the API. The block around it has the direction of the text.
 */
function Marked({ text, highlights, language }) {
  const letters = Array.from(text);
  const parts = [];
  let at = 0;
  for (const { start, end } of highlights) {
    parts.push(letters.slice(at, start).join(''), <mark key={start}>{letters.slice(start, end).join('')}</mark>);
    at = end;
  }
  parts.push(letters.slice(at).join(''));
  return <span lang={language === 'und' ? undefined : language}>{parts}</span>;
}

/** Suggestions for what was typed; none while nothing is typed. */
function useSuggestions(typed, type) {
  const [suggestions, setSuggestions] = useState([]);
  useEffect(() => {
    const asking = new AbortController();
    const wait = setTimeout(() => {
      // An error is shown by the search itself.
      if (typed.trim()) suggest(typed, type, asking.signal).then(setSuggestions, () => {});
      else setSuggestions([]);
    }, PAUSE);
    return () => {
      clearTimeout(wait);
      asking.abort();
    };
  }, [typed, type]);
  return typed.trim() ? suggestions : [];
}

function useOpen() {
  const { addTab, updateActiveTabValues } = useGraphiQLActions();
  const { queryEditor, variableEditor } = useGraphiQL(({ queryEditor, variableEditor }) => ({ queryEditor, variableEditor }));
  return (record) => {
    const query = documentOf(record);
    addTab();
    updateActiveTabValues({ query, variables: '' });
    queryEditor?.setValue(query);
    variableEditor?.setValue('');
  };
}

function Result({ edge: { node, matches }, open }) {
  return (
    <li>
      <button type="button" dir="auto" className="graphiql-un-styled" onClick={() => open(node)}>
        <span>{node.name}</span> <small>{node.__typename.toLowerCase()}</small>
      </button>
      {matches.map((match) => (
        <p key={`${match.field} ${match.text}`} dir="auto">
          <Marked {...match} />
        </p>
      ))}
    </li>
  );
}

function Search() {
  const id = useId();
  const [typed, setTyped] = useState('');
  const [type, setType] = useState('');
  const [active, setActive] = useState(-1);
  const [isOpen, setIsOpen] = useState(false);
  const [found, setFound] = useState(null);
  const [problem, setProblem] = useState(null);
  const asking = useRef(null);
  const suggestions = useSuggestions(typed, type);
  const open = useOpen();
  const shown = isOpen ? suggestions : [];

  const find = async (after) => {
    asking.current?.abort();
    asking.current = new AbortController();
    setIsOpen(false);
    setProblem(null);
    try {
      const page = await search(typed, type, after, asking.current.signal);
      setFound((before) => ({ ...page, edges: after && before ? [...before.edges, ...page.edges] : page.edges }));
    } catch (error) {
      if (error.name === 'AbortError') return;
      setFound(null);
      setProblem(error.message);
    }
  };

  const choose = ({ record }) => {
    setIsOpen(false);
    open(record);
  };

  const onKeyDown = (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && suggestions.length) {
      event.preventDefault();
      setIsOpen(true);
      // -1 is the input itself.
      const count = suggestions.length + 1;
      setActive((isOpen ? active + 1 + step + count : step === 1 ? 1 : count - 1) % count - 1);
    } else if (event.key === 'Escape' && shown.length) {
      event.preventDefault();
      setIsOpen(false);
    }
  };

  const onSubmit = (event) => {
    event.preventDefault();
    if (shown[active]) choose(shown[active]);
    else if (typed.trim()) find(null);
  };

  const optionId = (index) => `${id}-option-${index}`;
  return (
    <section aria-label="Search" className="dateline-search">
      <header>Search</header>
      <form role="search" onSubmit={onSubmit}>
        <label htmlFor={`${id}-input`}>Names and words, in Arabic, English or French</label>
        <div className="dateline-search-box">
          <input
            id={`${id}-input`}
            type="text"
            role="combobox"
            dir="auto"
            autoFocus
            autoComplete="off"
            spellCheck="false"
            maxLength={200}
            aria-autocomplete="list"
            aria-expanded={shown.length > 0}
            aria-controls={`${id}-options`}
            aria-activedescendant={shown[active] ? optionId(active) : undefined}
            value={typed}
            onChange={(event) => {
              setTyped(event.target.value);
              setActive(-1);
              setIsOpen(true);
            }}
            onKeyDown={onKeyDown}
            onBlur={() => setIsOpen(false)}
          />
          <ul id={`${id}-options`} role="listbox" aria-label="Suggestions" hidden={!shown.length}>
            {shown.map((suggestion, index) => (
              <li
                key={suggestion.record.id}
                id={optionId(index)}
                role="option"
                dir="auto"
                aria-selected={index === active}
                // The input keeps the focus.
                onMouseDown={(event) => event.preventDefault()}
                onClick={() => choose(suggestion)}
              >
                <Marked text={suggestion.name.text} language={suggestion.name.language} highlights={suggestion.highlights} />
                <small>{suggestion.record.__typename.toLowerCase()}</small>
              </li>
            ))}
          </ul>
        </div>
        <div className="dateline-search-row">
          <select aria-label="Type of record" value={type} onChange={(event) => setType(event.target.value)}>
            <option value="">All records</option>
            {Object.entries(TYPES).map(([value, name]) => (
              <option key={value} value={value}>
                {name}
              </option>
            ))}
          </select>
          <button type="submit">Search</button>
        </div>
      </form>
      <p role="status">
        {found && (found.totalCount === 1 ? '1 record was found.' : `${found.totalCount || 'No'} records were found.`)}
      </p>
      {problem && <p role="alert">{problem}</p>}
      <ol>
        {found?.edges.map((edge) => (
          <Result key={edge.node.id} edge={edge} open={open} />
        ))}
      </ol>
      {found?.pageInfo.hasNextPage && (
        <button type="button" onClick={() => find(found.pageInfo.endCursor)}>
          More results
        </button>
      )}
    </section>
  );
}

export const SEARCH_PLUGIN = { title: 'Search', icon: Icon, content: Search };
