// Bundles the page into dist/: hashed names, and each file also compressed ahead of time.
import { build } from 'esbuild';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const out = new URL('dist/', import.meta.url);

async function bundle() {
  const result = await build({
    absWorkingDir: new URL('.', import.meta.url).pathname,
    entryPoints: { app: 'src/main.ts', theme: 'src/theme/early.ts' },
    entryNames: '[name]-[hash]',
    outdir: 'dist',
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    legalComments: 'none',
    write: false,
  });
  return new Map(result.outputFiles.map(
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
}

const files = await bundle();
const template = await readFile(new URL('src/index.html', import.meta.url), 'utf8');
files.set('index.html', Buffer.from(page(template, [...files.keys()])));
files.set('favicon.svg', await readFile(new URL('src/favicon.svg', import.meta.url)));

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
for (const [name, bytes] of files) await write(name, bytes);
