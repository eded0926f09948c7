// Writes THIRD-PARTY-NOTICES.txt: the licences of all packages of package-lock.json that go into the bundle (all but the
// development ones), and of the fonts that come inside of them. Fails where a package's licence has no text to quote.
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';

/** Packages that are published without their repository's licence file, and one of the same authors that has it. */
const SAME_AUTHORS = {
  '@graphiql/plugin-doc-explorer': 'graphiql',
  '@graphiql/plugin-explorer': 'graphiql',
  '@graphiql/plugin-history': 'graphiql',
  'react-compiler-runtime': 'react',
  'react-remove-scroll-bar': 'react-remove-scroll',
};

/** Fonts inside of packages, their licence, and its text in licenses/. */
const FONTS = [
  ['Codicons (in monaco-editor)', 'CC-BY-4.0', 'codicons.txt'],
  ['Fira Code 5.002 (in graphiql)', 'OFL-1.1', 'fira-code.txt'],
  ['Roboto 2.137 (in graphiql)', 'Apache-2.0', 'roboto.txt'],
];

const here = (path) => new URL(path, import.meta.url);
const text = (path) => readFileSync(here(path), 'utf8').replaceAll('\r\n', '\n').replace(/[ \t]+$/gm, '').trim();
// By code units, not by locale: the order is then the same everywhere.
const byName = ([a], [b]) => (a < b ? -1 : a > b ? 1 : 0);

function licences(path, name) {
  const files = readdirSync(here(`${path}/`)).filter((file) => /^(licen[cs]e|copying|notice|third-?party)/i.test(file));
  if (files.length > 0) return files.sort().map((file) => text(`${path}/${file}`)).join('\n\n');
  const other = SAME_AUTHORS[name];
  if (!other) throw new Error(`${name} has no licence file: name a package of the same authors in notices.js`);
  return licences(`node_modules/${other}`, other);
}

const lock = JSON.parse(readFileSync(here('package-lock.json'), 'utf8'));
/** Licence text -> [package, licence's name]: one text often covers many packages. */
const byText = new Map();
for (const [path, { version, license, dev, optional }] of Object.entries(lock.packages)) {
  if (path === '' || dev || (optional && !existsSync(here(path)))) continue;
  const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
  const licence = licences(path, name);
  byText.set(licence, [...(byText.get(licence) ?? []), [`${name} ${version}`, license]]);
}
for (const [name, license, file] of FONTS) byText.set(text(`licenses/${file}`), [[name, license]]);

const rule = '='.repeat(80);
const sections = [...byText]
  .map(([licence, packages]) => {
    const names = [...new Map(packages.sort(byName))].map(([name, license]) => `${name} (${license})`);
    return [names[0], `${rule}\n${names.join('\n')}\n${rule}\n\n${licence}\n`];
  })
  .sort(byName)
  .map(([, section]) => section);

writeFileSync(
  here('THIRD-PARTY-NOTICES.txt'),
  `The playground's bundle holds the following works of others, under their own licences.\n\n${sections.join('\n\n')}`,
);
