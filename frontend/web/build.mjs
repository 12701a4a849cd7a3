// Bundles the page into dist/: hashed names, and each file also compressed ahead of time.
import { build } from 'esbuild';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { world } from './world.mjs';

/** Of all files together, compressed: on a slow line they are there within a second or two. */
const MostBytes = 300_000;

const out = new URL('dist/', import.meta.url);

/** `import world from 'world'`: the shapes of the map, made by world.mjs. */
const worldModule = {
  name: 'world',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^world$/ }, () => ({ path: 'world', namespace: 'world' }));
    onLoad({ filter: /.*/, namespace: 'world' }, async () => (
      { contents: JSON.stringify(await world()), loader: 'json' }));
  },
};

const common = {
  absWorkingDir: new URL('.', import.meta.url).pathname,
  entryNames: '[name]-[hash]',
  chunkNames: '[name]-[hash]',
  outdir: 'dist',
  bundle: true,
  minify: true,
  target: 'es2022',
  legalComments: 'none',
  plugins: [worldModule],
  write: false,
};

async function bundle() {
  const results = await Promise.all([
    // The map is a part of its own, which is fetched after the first picture.
    build({ ...common, entryPoints: { app: 'src/main.ts' }, format: 'esm', splitting: true }),
    // Runs before the first paint, so it is no module.
    build({ ...common, entryPoints: { theme: 'src/theme/early.ts' }, format: 'iife' }),
  ]);
  return new Map(results.flatMap(({ outputFiles }) => outputFiles).map(
    (file) => [basename(file.path), Buffer.from(file.contents)]));
}

function page(template, names) {
  return template.replace(/\{\{(\w+)\.(\w+)\}\}/g, (_, name, ending) => {
    const hashed = names.find((each) => each.startsWith(`${name}-`) && each.endsWith(`.${ending}`));
    if (!hashed) throw new Error(`index.html wants ${name}.${ending}, which was not built`);
    return hashed;
  });
}

async function write(name, bytes) {
  const brotli = brotliCompressSync(
    bytes, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } });
  await Promise.all([
    writeFile(new URL(name, out), bytes),
    writeFile(new URL(`${name}.br`, out), brotli),
    writeFile(new URL(`${name}.gz`, out), gzipSync(bytes, { level: 9 })),
  ]);
  console.log(`${name.padEnd(24)} ${bytes.length} B, br ${brotli.length} B`);
  return brotli.length;
}

const files = await bundle();
const template = await readFile(new URL('src/index.html', import.meta.url), 'utf8');
files.set('index.html', Buffer.from(page(template, [...files.keys()])));
files.set('favicon.svg', await readFile(new URL('src/favicon.svg', import.meta.url)));

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
let total = 0;
for (const [name, bytes] of files) total += await write(name, bytes);
console.log(`${total} B compressed, of ${MostBytes} B at most`);
if (total > MostBytes) throw new Error('The page has grown too large.');
