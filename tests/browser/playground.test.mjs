// The playground as a person meets it, in Chromium: it loads, asks nothing of any other host, and its examples run.
// DATELINE_URL names a server that runs on the demo corpus, DATELINE_EDITOR_URL its address with an editor's token (without it that test
// is left out), CHROMIUM the browser.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { chromium } from 'playwright-core';

const url = process.env.DATELINE_URL;
assert.ok(url, 'DATELINE_URL names a demo server');

let browser;

before(async () => {
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox', // root has none, and it is our own page
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
});

after(() => browser?.close());

/** A fresh visit: an empty profile, with all that the page asks for and complains of. */
async function visit(options = {}, address = url) {
  const context = await browser.newContext({ viewport: { width: 1400, height: 900 }, ...options });
  const page = await context.newPage();
  const requests = [];
  const complaints = [];
  page.on('request', (request) => requests.push(request.url()));
  page.on('requestfailed', (request) => complaints.push(`${request.url()}: ${request.failure()?.errorText}`));
  page.on('console', (message) => ['error', 'warning'].includes(message.type()) && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.goto(address);
  await page.locator('.graphiql-query-editor .view-line').first().waitFor();
  return { page, requests, complaints, close: () => context.close() };
}

/** Runs the tab in front, and gives the answer as it came over the wire. */
async function run(page) {
  const answered = page.waitForResponse(
    (response) => response.url() === `${url}/graphql` && !response.request().postData()?.includes('IntrospectionQuery'),
  );
  await page.getByRole('button', { name: /execute query/i }).click();
  return (await answered).json();
}

/** The same right after a change of tabs: GraphiQL finds out the names of the new tab's operations a moment later, and asks for the old
 *  tab's operation until then. */
async function runOnceKnown(page) {
  for (let tries = 0; tries < 50; tries += 1) {
    const answer = await run(page);
    if (!answer.errors?.[0]?.message.startsWith('Unknown operation named')) return answer;
  }
  return run(page);
}

test('it loads from this server alone, and nothing complains', async () => {
  const { page, requests, complaints, close } = await visit();
  await page.locator('.graphiql-tab').first().waitFor();
  const own = [`${url}/`, 'data:', 'blob:'];
  assert.deepEqual(requests.filter((asked) => !own.some((start) => asked.startsWith(start))), []);
  assert.deepEqual(complaints, []);
  await close();
});

test('the first example answers with the neighbours of Libya, in the language of the browser', async () => {
  for (const [locale, egypt] of [['en-GB', 'Egypt'], ['ar-LY', 'مصر'], ['fr-FR', 'Égypte']]) {
    const { page, close } = await visit({ locale });
    const { data, errors } = await run(page);
    assert.equal(errors, undefined);
    assert.equal(data.record.neighbours.totalCount, 6);
    assert.ok(data.record.neighbours.nodes.some((place) => place.name === egypt), JSON.stringify(data));
    await page.locator('.result-window .view-line').first().waitFor();
    await close();
  }
});

test('every example runs, in its own tab', async () => {
  const { page, close } = await visit();
  const tabs = page.locator('.graphiql-tab-button');
  assert.ok((await tabs.count()) >= 5);
  for (let n = 0; n < (await tabs.count()); n += 1) {
    await tabs.nth(n).click();
    const { data, errors } = await runOnceKnown(page);
    assert.equal(errors, undefined, await tabs.nth(n).innerText());
    assert.ok(Object.values(data).every((found) => found !== null), await tabs.nth(n).innerText());
  }
  await close();
});

test('the documentation opens, and knows the types', async () => {
  const { page, close } = await visit();
  await page.getByRole('button', { name: /documentation explorer/i }).first().click();
  const documentation = page.locator('.graphiql-doc-explorer');
  await documentation.locator('a', { hasText: 'Query' }).first().click();
  await documentation.locator('a', { hasText: 'organizations' }).first().waitFor();
  await close();
});

test('the address that the demo prints lets an editor in, and leaves no token in the address bar', {
  skip: !process.env.DATELINE_EDITOR_URL,
}, async () => {
  const { page, complaints, close } = await visit({}, process.env.DATELINE_EDITOR_URL);
  assert.equal(page.url(), `${url}/`);
  const asked = page.waitForRequest((request) => request.url() === `${url}/graphql`);
  await page.getByRole('button', { name: /execute query/i }).click();
  const { authorization } = await (await asked).allHeaders();
  const viewer = await page.evaluate(async (headers) => {
    const body = JSON.stringify({ query: '{ viewer { name role } }' });
    const answer = await fetch('/graphql', { method: 'POST', headers, body });
    return (await answer.json()).data.viewer;
  }, { authorization, 'content-type': 'application/json' });
  assert.deepEqual(viewer, { name: 'demo-editor', role: 'EDITOR' });
  assert.deepEqual(complaints, []);
  await close();
});
