// The demo server that scripts/test starts, and the files of docs/clients, copied beside the packages that they import.

import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { FILES } from './derive.mjs';

const url = process.env.DATELINE_EDITOR_URL;
if (!url) {
  throw new Error('set DATELINE_EDITOR_URL to the address that `dateline serve --demo` prints, with its #token=');
}
export const address = `${new URL('/graphql', url)}`;
export const headers = { authorization: `Bearer ${new URL(url).hash.slice('#token='.length)}` };

export const BUILD = new URL('build/', import.meta.url);
mkdirSync(BUILD, { recursive: true });
const copied = new URL(`build/docs-${process.pid}/`, import.meta.url);
cpSync(fileURLToPath(FILES), fileURLToPath(copied), { recursive: true });
process.on('exit', () => rmSync(copied, { recursive: true, force: true }));

/** A module of docs/clients. */
export const documented = (name) => import(new URL(name, copied));

/** Sends one document without a client. */
export async function ask(query, variables) {
  const answer = await send(address, { method: 'POST', headers, body: JSON.stringify({ query, variables }) });
  const { data, errors } = await answer.json();
  if (errors) {
    throw new Error(JSON.stringify(errors));
  }
  return data;
}

function send(to, { headers: given, ...options }) {
  return fetch(to, { ...options, headers: { ...given, 'content-type': 'application/json' } });
}

let keys = 0;
/** A key that no other record of this run has. */
export const freshKey = () => `clients/${process.pid}-${Date.now()}-${(keys += 1)}`;
