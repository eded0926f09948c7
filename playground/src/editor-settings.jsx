// Settings that GraphiQL has no property for. Draws nothing.
import { useGraphiQL, useGraphiQLActions, useMonaco } from '@graphiql/react';
import { useEffect } from 'react';

const OPTIONS = {
  // Monaco takes Arabic letters for look-alikes of Latin ones and frames them.
  unicodeHighlight: { ambiguousCharacters: false, nonBasicASCII: false },
  // Fira Code has no Arabic; monospaced fonts that do squeeze it.
  fontFamily: '"Fira Code", "Noto Sans Arabic", "Segoe UI", "Geeza Pro", Tahoma, monospace',
  wordWrap: 'on',
  // Monaco's own, without the hyphen: a double click takes a whole id.
  wordSeparators: '`~!@#$%^&*()=+[{]}\\|;:\'",.<>/?',
};

export function EditorSettings() {
  const { theme, queryEditor, variableEditor, headerEditor, responseEditor } = useGraphiQL((state) => ({
    theme: state.theme,
    queryEditor: state.queryEditor,
    variableEditor: state.variableEditor,
    headerEditor: state.headerEditor,
    responseEditor: state.responseEditor,
  }));
  const { setTheme } = useGraphiQLActions();
  const monaco = useMonaco((state) => state.monaco);

  useEffect(() => {
    for (const editor of [queryEditor, variableEditor, headerEditor, responseEditor]) editor?.updateOptions(OPTIONS);
  }, [queryEditor, variableEditor, headerEditor, responseEditor]);

  // Monaco measures a font once: if that was before it had loaded, cursor and guides stand beside their letters.
  useEffect(() => {
    if (!responseEditor) return;
    document.fonts.load('15px "Fira Code"').then(() => monaco.editor.remeasureFonts());
  }, [monaco, responseEditor]);

  // GraphiQL's own colours follow the system while the page is open; the editors' do only if they are told.
  useEffect(() => {
    if (theme !== null) return undefined;
    const system = matchMedia('(prefers-color-scheme: dark)');
    const follow = () => setTheme(null);
    system.addEventListener('change', follow);
    return () => system.removeEventListener('change', follow);
  }, [theme, setTheme]);

  return null;
}
