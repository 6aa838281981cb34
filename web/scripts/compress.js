// Compresses what the build has made, as far as that is worth it: `FILE.br` and `FILE.gz` beside each FILE. The server
// embeds them, and never compresses these files itself.

import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const DIST = fileURLToPath(new URL('../dist', import.meta.url));
/** What is not compressed in itself. */
const TEXT = /\.(?:html|js|mjs|css|json|map|svg|txt|webmanifest|wasm)$/;
/** Below, headers are most of an answer. */
const LEAST = 512;

const forms = {
  br: (bytes) =>
    brotliCompressSync(bytes, {
      params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
    }),
  gz: (bytes) => gzipSync(bytes, { level: 9 }),
};

for (const entry of readdirSync(DIST, { recursive: true, withFileTypes: true })) {
  const path = join(entry.parentPath ?? entry.path, entry.name);
  // The list of chunks, in a folder whose name begins with a dot, is for tools.
  if (!entry.isFile() || path.slice(DIST.length).split(/[\\/]/).some((part) => part.startsWith('.'))) continue;
  if (!TEXT.test(entry.name)) continue;
  const bytes = readFileSync(path);
  for (const [ending, compress] of Object.entries(forms)) {
    const packed = bytes.length < LEAST ? bytes : compress(bytes);
    if (packed.length < bytes.length) writeFileSync(`${path}.${ending}`, packed);
    else rmSync(`${path}.${ending}`, { force: true });
  }
}
