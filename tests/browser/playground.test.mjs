// The playground in Chromium: it loads, sends no request to another host, and its examples run, also those of editing.
// DATELINE_URL is the address of a server with the unchanged demo corpus. DATELINE_EDITOR_URL is its address with an editor's token;
// without it, the tests of editing are left out. CHROMIUM is the browser.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { chromium } from 'playwright-core';

const url = process.env.DATELINE_URL;
assert.ok(url, 'DATELINE_URL names a demo server');

const READING = [
  'Neighbours', 'Timeline', 'CairoMeeting', 'LatestArticle', 'Counts', 'Pages',
  'Attacks', 'Evidence', 'Week', 'Near', 'Speakers', 'Editors', 'MostMentioned', 'Related', 'Paths',
];
const EDITING = ['Create', 'Correct', 'History', 'WhatToUndo'];
const editor = { skip: !process.env.DATELINE_EDITOR_URL };

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

/** Runs the tab in front, and gives the answer as it came over the wire. Where it has several operations, one of them is picked. */
async function run(page, operation) {
  const own = ['IntrospectionQuery', 'WhoAsks', 'SuggestNames', 'SearchRecords'];
  const answered = page.waitForResponse(
    (response) => response.url() === `${url}/graphql` && !own.some((name) => response.request().postData()?.includes(name)),
  );
  const button = page.getByRole('button', { name: /execute query/i });
  // Shortly after a change of tabs, the button may still be that of a single operation.
  if (operation) await button.and(page.locator('[aria-haspopup="menu"]')).waitFor();
  await button.click();
  if (operation) await page.getByRole('menuitem', { name: operation, exact: true }).click();
  return (await answered).json();
}

/** Opens a tab by its name, and runs it. */
async function open(page, tab, operation) {
  await page.locator('.graphiql-tab-button', { hasText: tab }).click();
  return operation ? run(page, operation) : runOpened(page);
}

/** Runs a tab that was just opened. GraphiQL finds out the names of its operations a moment later, and asks for the operation of the tab
 *  before until then, which is refused with 400. */
async function runOpened(page) {
  for (let tries = 0; tries < 50; tries += 1) {
    const answer = await run(page);
    if (!answer.errors?.[0]?.message.startsWith('Unknown operation named')) return answer;
  }
  return run(page);
}

/** All other errors of the page. */
const withoutStatus400 = (complaints) => complaints.filter((text) => !text.includes('status of 400'));

test('it loads from this server alone, without errors', async () => {
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

test('every example has its own tab, and those of reading run', async () => {
  const { page, close } = await visit();
  assert.deepEqual(await page.locator('.graphiql-tab-button').allInnerTexts(), [...READING, ...EDITING]);
  for (const tab of READING) {
    const { data, errors } = await open(page, tab);
    assert.equal(errors, undefined, tab);
    assert.ok(Object.values(data).every((found) => found !== null), tab);
  }
  await close();
});

test('without a token, an example of editing says what is missing', async () => {
  const { page, close } = await visit();
  for (const tab of ['Create', 'Correct']) {
    const { errors } = await open(page, tab);
    assert.deepEqual(errors.map((error) => error.extensions.code), ['UNAUTHENTICATED']);
    await page.locator('.result-window', { hasText: 'This needs a token with the role EDITOR' }).waitFor();
  }
  assert.equal(await page.locator('.dateline-viewer').count(), 0);
  await close();
});

test('the documentation opens and shows the types', async () => {
  const { page, close } = await visit();
  await page.getByRole('button', { name: /documentation explorer/i }).first().click();
  const documentation = page.locator('.graphiql-doc-explorer');
  await documentation.locator('a', { hasText: 'Query' }).first().click();
  await documentation.locator('a', { hasText: 'organizations' }).first().waitFor();
  await close();
});

/** Opens the panel that searches, and types there. Its input has the focus. */
async function typeInSearch(page, typed) {
  await page.getByRole('button', { name: 'Show Search' }).click();
  const input = page.getByRole('combobox', { name: /Names and words/ });
  await input.and(page.locator(':focus')).waitFor();
  await input.fill(typed);
  return input;
}

/** What is suggested there. */
const suggested = (page) => page.getByRole('listbox', { name: 'Suggestions' }).getByRole('option');

/** The text of the editor in front. */
const document = (page) => page.locator('.graphiql-query-editor .view-line').allInnerTexts().then((lines) => lines.join('\n'));

test('names are suggested while one types, and the keyboard opens one in the editor', async () => {
  const { page, complaints, close } = await visit();
  for (const [typed, name, mark] of [['lib', 'Libya', 'Lib'], ['ليب', 'ليبيا', 'ليب']]) {
    const input = await typeInSearch(page, typed);
    const first = suggested(page).filter({ hasText: name }).first();
    await first.waitFor();
    assert.equal(await first.locator('mark').innerText(), mark);
    assert.equal(await input.getAttribute('aria-expanded'), 'true');
    await input.press('ArrowDown');
    assert.equal(await input.getAttribute('aria-activedescendant'), await first.getAttribute('id'));
    assert.equal(await first.getAttribute('aria-selected'), 'true');
    const direction = await first.evaluate((option) => getComputedStyle(option).direction);
    assert.equal(direction, typed === 'lib' ? 'ltr' : 'rtl');
    await input.press('Enter');
    assert.equal(await suggested(page).count(), 0);
    assert.match(await document(page), /place\(id:.{0,2}"country\/ly"\)/s);
    const { data, errors } = await runOpened(page);
    assert.equal(errors, undefined);
    assert.equal(data.place.countryCode, 'LY');
    await page.getByRole('button', { name: 'Hide Search' }).click();
  }
  const input = await typeInSearch(page, 'lib');
  await suggested(page).first().waitFor();
  await input.press('Escape');
  assert.equal(await suggested(page).count(), 0);
  assert.deepEqual(withoutStatus400(complaints), []);
  await close();
});

test('hits are shown with what was found in them, page by page, and open in the editor', async () => {
  const { page, complaints, close } = await visit();
  const input = await typeInSearch(page, 'ليبيا');
  await input.press('Enter');
  await page.getByRole('status').getByText(/^\d+ records were found\.$/).waitFor();
  const hits = page.locator('.dateline-search ol > li');
  assert.equal(await hits.count(), 20);
  const arabic = hits.locator('p', { has: page.locator('[lang="ar"] mark') }).first();
  assert.match(await arabic.locator('mark').first().innerText(), /ليبي/);
  assert.equal(await arabic.evaluate((element) => getComputedStyle(element).direction), 'rtl');
  await page.getByRole('button', { name: 'More results' }).click();
  await hits.nth(20).waitFor();
  await hits.nth(20).getByRole('button').click();
  const { data, errors } = await runOpened(page);
  assert.equal(errors, undefined);
  assert.ok(Object.values(data)[0]);
  assert.deepEqual(withoutStatus400(complaints), []);
  await close();
});

test('a refused search says why', async () => {
  const { page, close } = await visit();
  const input = await typeInSearch(page, '-cairo');
  await input.press('Enter');
  await page.locator('.dateline-search').getByRole('alert').getByText('only excludes words').waitFor();
  await close();
});

test('every type of record opens as a document that the server answers', async () => {
  const { page, close } = await visit();
  for (const [type, typed] of [['Articles', 'الق'], ['Places', 'derna'], ['Organizations', 'islamic st'], ['People', 'haftar'], ['Events', 'derna']]) {
    const input = await typeInSearch(page, '');
    await page.getByRole('combobox', { name: 'Type of record' }).selectOption({ label: type });
    await input.fill(typed);
    await suggested(page).first().click();
    const { data, errors } = await runOpened(page);
    assert.equal(errors, undefined, type);
    assert.ok(Object.values(data)[0], type);
    await page.getByRole('button', { name: 'Hide Search' }).click();
  }
  await close();
});

test('the address that the demo prints gives the role of an editor, and the token leaves the address bar', editor, async () => {
  const { page, complaints, close } = await visit({}, process.env.DATELINE_EDITOR_URL);
  assert.equal(page.url(), `${url}/`);
  const viewer = page.locator('.dateline-viewer');
  await viewer.getByText('demo-editor').waitFor();
  await viewer.getByText('editor', { exact: true }).waitFor();
  const asked = page.waitForRequest((request) => request.url() === `${url}/graphql`);
  await page.getByRole('button', { name: /execute query/i }).click();
  assert.match((await (await asked).allHeaders()).authorization, /^Bearer dateline_/);
  await page.getByRole('button', { name: 'Drop the access token' }).click();
  await viewer.waitFor({ state: 'detached' });
  const { errors } = await open(page, 'Create');
  assert.equal(errors[0].extensions.code, 'UNAUTHENTICATED');
  assert.deepEqual(withoutStatus400(complaints), []);
  await close();
});

test('a refused token is removed, and reading still works', async () => {
  const { page, close } = await visit({}, `${url}/#token=dateline_${'x'.repeat(43)}`);
  await page.locator('.dateline-viewer').waitFor({ state: 'detached' });
  const { errors } = await run(page);
  assert.equal(errors, undefined);
  await close();
});

test('a newcomer creates an event, corrects it, looks at its history and reverts the correction', editor, async () => {
  const context = { permissions: ['clipboard-read', 'clipboard-write'] };
  const { page, complaints, close } = await visit(context, process.env.DATELINE_EDITOR_URL);
  const codes = ({ userErrors }) => userErrors.map((error) => error.code);

  const created = (await open(page, 'Create')).data.applyChanges;
  assert.deepEqual(created.results.map((result) => result.operation), ['CREATE', 'CREATE', 'CREATE'], JSON.stringify(created));
  const again = (await run(page)).data.applyChanges;
  assert.deepEqual(codes(again), ['DUPLICATE', 'DUPLICATE', 'DUPLICATE']);
  assert.equal(again.userErrors[2].current.key, 'event/2015-library');

  const corrected = (await open(page, 'Correct')).data.updateEvent;
  assert.deepEqual([corrected.event.version, corrected.event.date.original], [2, 'صباح الثلاثاء'], JSON.stringify(corrected));
  // The correction is out of date, and what it adds is there already.
  assert.deepEqual(codes((await run(page)).data.updateEvent), ['CONFLICT', 'DUPLICATE']);

  const { record } = (await open(page, 'History')).data;
  assert.deepEqual(record.history.nodes.map(({ operation, actor }) => [operation, actor]), [
    ['UPDATE', 'demo-editor'],
    ['CREATE', 'demo-editor'],
  ]);

  // By hand, as the comment says.
  const [latest] = (await open(page, 'WhatToUndo', 'WhatToUndo')).data.record.history.nodes;
  await page.locator('.result-window .view-line', { hasText: '"id"' }).getByText(latest.id).dblclick();
  await page.keyboard.press('Control+c');
  await page.locator('.graphiql-editor-tool .view-line', { hasText: '"revision"' }).getByText('the-id').dblclick();
  await page.keyboard.press('Control+v');
  const reverted = (await run(page, 'Undo')).data.revertRevision;
  assert.deepEqual(reverted.userErrors, []);
  assert.deepEqual([reverted.record.version, reverted.record.status, reverted.record.date.edtf], [3, 'REPORTED', '2015-03~']);
  assert.deepEqual(codes((await run(page, 'Undo')).data.revertRevision), ['CONFLICT']);
  assert.deepEqual(withoutStatus400(complaints), []);
  await close();
});
