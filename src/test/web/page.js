// node page.js URL STUDY OTHER FOLDER CHROMIUM: looks at the page as a user does. Says what it has seen, a
// line each, and after "undelivered" waits for a line before it asks for another delivery.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { parquetReadObjects } from 'hyparquet';
import { chromium } from 'playwright-core';

const [url, study, other, folder, executablePath] = process.argv.slice(2);
const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const input = createInterface({ input: process.stdin });
const lines = input[Symbol.asyncIterator]();
const say = (line) => process.stdout.write(`${line}\n`);

const browser = await chromium.launch({
  executablePath,
  args: ['--no-sandbox', '--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'],
});
const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, colorScheme: 'light' });
const errors = [];
page.on('pageerror', (error) => errors.push(error.message));
page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
page.setDefaultTimeout(240000);

/** Whatever axe-core finds is told, in both colour schemes. */
async function accessible(where) {
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme });
    const found = await page.evaluate(`${axe}; axe.run().then(r => r.violations.map(v => v.id + ': ' + v.nodes.map(n => n.target).join(' ')))`);
    say(`axe ${where} ${colorScheme}: ${JSON.stringify(found)}`);
  }
  await page.emulateMedia({ colorScheme: 'light' });
}

try {
  await page.goto(url);
  await page.getByText('live', { exact: true }).waitFor();
  say('open');
  const row = page.locator(`tr[data-study="${study}"]`);
  await row.waitFor();
  say('arrived');
  await row.locator('.DONE, .DEGRADED').waitFor();
  say('processed');
  await row.getByText('not delivered').waitFor();
  await page.locator(`tr[data-study="${other}"]`).getByText('not delivered').waitFor();
  await page.screenshot({ path: join(folder, 'worklist.png') });
  await accessible('worklist');
  const sender = await row.locator('td').nth(3).textContent();
  await page.getByLabel('Sent by (AE title)').fill('NOBODY');
  await page.getByRole('button', { name: 'Apply' }).click();
  await page.getByText('No studies here').waitFor();
  await page.getByLabel('Sent by (AE title)').fill(sender);
  await page.getByRole('button', { name: 'Apply' }).click();
  await row.waitFor();

  await row.getByRole('link').click();
  const start = Date.now();
  await page.getByRole('table').first().waitFor();
  say(`numbers after ms: ${Date.now() - start}`);
  await page.locator('.view3d[data-ready]').waitFor();
  say(`3D after ms: ${Date.now() - start}`);
  const view = page.getByRole('group', { name: 'View', exact: true });
  await view.getByRole('button', { name: 'Left joint' }).click();
  await page.locator('.view3d').screenshot({ path: join(folder, 'surfaces.png') });
  await page.getByRole('checkbox', { name: 'Temporal bones' }).first().uncheck();
  await page.getByRole('checkbox', { name: 'Right condyle laid onto left' }).check();
  await page.getByRole('button', { name: 'Above' }).click();
  await page.locator('.view3d').screenshot({ path: join(folder, 'mirrored.png') });
  await page.locator('.slices[data-ready=left]').waitFor();
  say(`slices after ms: ${Date.now() - start}`);
  await page.locator('.planes').screenshot({ path: join(folder, 'slices.png') });
  const sagittal = page.getByRole('slider', { name: 'Sagittal' });
  const before = Number(await sagittal.getAttribute('aria-valuenow'));
  await sagittal.press('ArrowUp');
  await page.locator(`[aria-label=Sagittal][aria-valuenow="${before + 1}"]`).waitFor();
  await page.getByRole('slider', { name: 'Coronal' }).click({ position: { x: 30, y: 100 } });
  await page.waitForFunction((was) => Number(document.querySelector('[aria-label=Sagittal]').getAttribute('aria-valuenow')) < was, before);
  await page.getByRole('button', { name: /^Superior/ }).click();
  await page.getByRole('button', { name: 'Soft tissue' }).click();
  await page.locator('.planes').screenshot({ path: join(folder, 'soft-tissue.png') });
  await page.getByRole('group', { name: 'Joint and window' }).getByRole('button', { name: 'Right joint' }).click();
  await page.locator('.slices[data-ready=right]').waitFor();
  await page.getByRole('button', { name: /^Compare with/ }).click();
  await page.locator('figure.map').nth(5).waitFor();
  say(`same head: ${await page.getByText(/^Mean [-+\d]/).first().textContent()}`);
  const pdf = await page.request.get(new URL(await page.getByRole('link', { name: 'Result as PDF' }).getAttribute('href'), url).href);
  say(`pdf: ${pdf.headers()['content-type']} ${(await pdf.body()).subarray(0, 5)}`);
  await page.getByText('Nobody answers').first().waitFor();
  await page.screenshot({ path: join(folder, 'study.png'), fullPage: true });
  await accessible('study');

  await page.getByRole('link', { name: 'Cohort' }).click();
  await page.getByText('2 studies with a result').waitFor();
  await page.getByText('Fossa width (FW)').last().waitFor();
  await page.screenshot({ path: join(folder, 'cohort.png'), fullPage: true });
  await accessible('cohort');
  const csv = await page.request.get(new URL(await page.getByRole('link', { name: 'Export as CSV' }).getAttribute('href'), url).href);
  say(`csv: ${(await csv.text()).trim().split('\r\n').length} lines`);
  const parquet = await page.request.get(new URL(await page.getByRole('link', { name: 'Export as Parquet' }).getAttribute('href'), url).href);
  const file = await parquet.body();
  const rows = await parquetReadObjects({ file: file.buffer.slice(file.byteOffset, file.byteOffset + file.length) });
  const [heads, ...cells] = (await csv.text()).trim().split('\r\n').map((line) => line.split(','));
  const same = (value, text) => (text === '' ? value === null || value === '' : value === text || value === Number(text));
  say(`parquet: ${rows.length === cells.length && rows.every((row, i) => heads.every((head, c) => same(row[head], cells[i][c]))) ? 'as CSV' : JSON.stringify([rows, cells])}`);

  await page.getByRole('link', { name: 'Node', exact: true }).click();
  await page.getByRole('button', { name: 'Echo pacs' }).click();
  await page.locator('td [role=status]', { hasText: 'Nobody answers' }).waitFor();
  await page.getByText(/^PostgreSQL \d/).waitFor();
  await page.locator('summary', { hasText: 'Configuration in force' }).click();
  await page.screenshot({ path: join(folder, 'node.png'), fullPage: true });
  await accessible('node');
  await page.goBack();
  await page.goBack();
  await page.getByText('Nobody answers').first().waitFor();
  say('undelivered');

  await lines.next();
  await page.getByRole('button', { name: 'Send again to pacs' }).click();
  await page.locator('.DELIVERED').nth(2).waitFor();
  await page.getByRole('button', { name: 'Send again to pacs' }).waitFor({ state: 'detached' });
  say('delivered');

  await page.getByRole('button', { name: 'Process this series again' }).click();
  await page.getByText('It will be done.').waitFor();
  // The view of the old result gives way to that of the new one.
  await page.locator('.view3d[data-ready]').waitFor({ state: 'detached' });
  await page.locator('.view3d[data-ready]').waitFor();
  await page.getByText('Revision 2').waitFor({ state: 'attached' });
  say('again');

  // As somebody who comes by a link.
  const fresh = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  const begin = Date.now();
  await fresh.goto(`${url}#/study/${study}`);
  await fresh.getByRole('table').first().waitFor();
  const times = [Date.now() - begin];
  await fresh.locator('.slices[data-ready]').waitFor();
  times.push(Date.now() - begin);
  await fresh.locator('.view3d[data-ready]').waitFor();
  times.push(Date.now() - begin);
  const [paint] = await fresh.evaluate(() => performance.getEntriesByName('first-contentful-paint').map((e) => e.startTime));
  say(`by a link, ms: first paint ${Math.round(paint)}, numbers ${times[0]}, slices ${times[1]}, 3D ${times[2]}`);
  await fresh.close();
  say(`errors: ${JSON.stringify(errors)}`);
} finally {
  await page.screenshot({ path: join(folder, 'last.png'), fullPage: true }).catch(() => {});
  await browser.close();
  input.close();
}
