// node page.js URL STUDY FOLDER CHROMIUM: looks at the page as a user does. Says what it has seen, a
// line each, and after "undelivered" waits for a line before it asks for another delivery.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { chromium } from 'playwright-core';

const [url, study, folder, executablePath] = process.argv.slice(2);
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
  await page.screenshot({ path: join(folder, 'worklist.png') });
  await accessible('worklist');

  await row.getByRole('link').click();
  const start = Date.now();
  await page.getByRole('table').first().waitFor();
  say(`numbers after ms: ${Date.now() - start}`);
  await page.locator('.view3d[data-ready]').waitFor();
  say(`3D after ms: ${Date.now() - start}`);
  await page.getByRole('button', { name: 'Left joint' }).click();
  await page.locator('.view3d').screenshot({ path: join(folder, 'surfaces.png') });
  await page.getByRole('checkbox', { name: 'Temporal bones' }).uncheck();
  await page.getByRole('checkbox', { name: 'Right mirrored onto left' }).check();
  await page.getByRole('button', { name: 'Above' }).click();
  await page.locator('.view3d').screenshot({ path: join(folder, 'mirrored.png') });
  await page.getByText('Nobody answers').first().waitFor();
  await page.screenshot({ path: join(folder, 'study.png'), fullPage: true });
  await accessible('study');
  say('undelivered');

  await lines.next();
  await page.getByRole('button', { name: 'Send again to pacs' }).click();
  await page.locator('.DELIVERED').nth(2).waitFor();
  await page.getByRole('button', { name: 'Send again to pacs' }).waitFor({ state: 'detached' });
  say('delivered');
  say(`errors: ${JSON.stringify(errors)}`);
} finally {
  await page.screenshot({ path: join(folder, 'last.png'), fullPage: true }).catch(() => {});
  await browser.close();
  input.close();
}
