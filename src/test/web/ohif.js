// node ohif.js URL STUDY FOLDER CHROMIUM DIST: opens a study of a node in OHIF, and its Segmentation.
// DIST is what @ohif/app is published as; it is served here, with the node's DICOMweb beside it, so
// that the browser sees one origin.
import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer, request } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { chromium } from 'playwright-core';

const [url, study, folder, executablePath, dist] = process.argv.slice(2);
const say = (line) => process.stdout.write(`${line}\n`);
const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.wasm': 'application/wasm', '.json': 'application/json', '.svg': 'image/svg+xml' };
const CONFIG = `window.config = { extensions: [], modes: [], showStudyList: true, maxNumberOfWebWorkers: 2,
  showWarningMessageForCrossOrigin: false, showCPUFallbackMessage: false, investigationalUseDialog: { option: 'never' },
  maxNumRequests: { interaction: 20, thumbnail: 5, prefetch: 5 }, defaultDataSourceName: 'dicomweb',
  dataSources: [{ namespace: '@ohif/extension-default.dataSourcesModule.dicomweb', sourceName: 'dicomweb', configuration: {
    friendlyName: 'negvol', name: 'negvol', wadoUriRoot: '/dicom-web', qidoRoot: '/dicom-web', wadoRoot: '/dicom-web',
    qidoSupportsIncludeField: true, imageRendering: 'wadors', thumbnailRendering: 'wadors', enableStudyLazyLoad: true,
    supportsFuzzyMatching: false, supportsWildcard: true, singlepart: 'bulkdata,video', bulkDataURI: { enabled: true } } }] };`;

const server = createServer((asked, answer) => {
  const path = new URL(asked.url, url).pathname;
  if (path.startsWith('/dicom-web/')) {
    const passed = request(new URL(asked.url, url), { method: asked.method, headers: asked.headers }, (got) => {
      answer.writeHead(got.statusCode, got.headers);
      got.pipe(answer);
    });
    passed.on('error', () => answer.destroy());
    asked.pipe(passed);
    return;
  }
  const wanted = join(dist, normalize(path));
  const file = existsSync(wanted) && statSync(wanted).isFile() ? wanted : join(dist, 'index.html');
  answer.writeHead(200, {
    'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream',
    'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp',
  });
  if (path === '/app-config.js') {
    answer.end(CONFIG);
  } else {
    createReadStream(file).pipe(answer);
  }
});
await new Promise((ready) => { server.listen(0, '127.0.0.1', ready); });

const browser = await chromium.launch({
  executablePath,
  args: ['--no-sandbox', '--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--ignore-gpu-blocklist'],
});
const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
page.setDefaultTimeout(90000);
page.on('response', (got) => got.url().includes('/dicom-web/') && got.status() >= 400 && say(`refused: ${got.status()} ${got.url()}`));
try {
  // It has been here before, and needs no tour.
  await page.addInitScript(() => localStorage.setItem('shownTours', JSON.stringify(['basicViewerTour'])));
  await page.goto(`http://127.0.0.1:${server.address().port}/viewer?StudyInstanceUIDs=${study}`);
  await page.locator('canvas.cornerstone-canvas').first().waitFor();
  say('opened');
  await page.getByText('TMJ segmentation').first().dblclick();
  await page.getByRole('button', { name: 'Yes', exact: true }).click();
  // The scan is grey; what has a colour is the Segmentation.
  await page.waitForFunction(() => {
    const canvas = document.querySelector('canvas.cornerstone-canvas');
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    let coloured = 0;
    for (let i = 0; i < data.length; i += 4) {
      coloured += Math.max(data[i], data[i + 1], data[i + 2]) - Math.min(data[i], data[i + 1], data[i + 2]) > 50;
    }
    return coloured > 300;
  }, null, { polling: 500 });
  say('segmentation shown');
} finally {
  await page.screenshot({ path: join(folder, 'ohif.png') }).catch(() => {});
  await browser.close();
  server.close();
}
