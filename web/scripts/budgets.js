// What the build may weigh, in bytes after gzip; fails when it is too much. Sizes are absolute: they do not depend on the machine.
import { readFile, readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const KB = 1024;
const limits = { entry: 60 * KB, app: 120 * KB, all: 220 * KB, css: 20 * KB, font: 50 * KB };
const dist = fileURLToPath(new URL('../dist/', import.meta.url));

const manifest = JSON.parse(await readFile(`${dist}.vite/manifest.json`, 'utf8'));
const packed = async (file) => gzipSync(await readFile(dist + file), { level: 9 }).length;

/** Everything that a chunk needs at once. */
function closure(key, into = new Set()) {
  if (into.has(key)) return into;
  into.add(key);
  for (const next of manifest[key].imports ?? []) closure(next, into);
  return into;
}
async function weigh(keys, files) {
  const all = new Set([...keys].flatMap((key) => files(manifest[key])));
  let sum = 0;
  for (const file of all) sum += await packed(file);
  return sum;
}
const js = (chunk) => [chunk.file].filter((file) => file.endsWith('.js'));
const css = (chunk) => chunk.css ?? [];

const entry = closure('index.html');
const app = new Set([...entry, ...closure('src/shell/Shell.svelte')]);
// The socket comes with every page of a member.
for (const key of Object.keys(manifest)) if (/socket\.io-client/.test(key)) closure(key, app);

const assets = await readdir(`${dist}assets`);
const fonts = assets.filter((file) => file.endsWith('.woff2'));
let font = 0;
for (const file of fonts) font += (await readFile(`${dist}assets/${file}`)).length;
let all = 0;
for (const file of assets.filter((file) => file.endsWith('.js'))) all += await packed(`assets/${file}`);
let styles = 0;
for (const file of assets.filter((file) => file.endsWith('.css'))) styles += await packed(`assets/${file}`);

const weights = { entry: await weigh(entry, js), app: await weigh(app, js), all, css: styles, font };
const names = { entry: 'script of the sign-in page', app: 'script of list and ticket', all: 'all script', css: 'all styles', font: 'fonts' };
let failed = false;
for (const [what, weight] of Object.entries(weights)) {
  const over = weight > limits[what];
  failed ||= over;
  console.log(`${names[what].padEnd(28)} ${(weight / KB).toFixed(1).padStart(6)} KB of ${limits[what] / KB} KB${over ? '  TOO MUCH' : ''}`);
}
process.exit(failed ? 1 : 0);
