// Writes src/lib/api/schema.ts from the server's OpenAPI document; with --check, fails when that would change it.
import { readFile, writeFile } from 'node:fs/promises';
import openapiTS, { astToString } from 'openapi-typescript';

const source = new URL('../../docs/openapi.json', import.meta.url);
const target = new URL('../src/lib/api/schema.ts', import.meta.url);

const document = JSON.parse(await readFile(source, 'utf8'));
// Names of handlers repeat; paths are what we go by.
for (const path of Object.values(document.paths)) {
  for (const operation of Object.values(path)) delete operation.operationId;
}
const head = '// Made by `npm run api` from docs/openapi.json. Do not edit.\n\n';
const text = head + astToString(await openapiTS(document, { alphabetize: true, defaultNonNullable: false }));

if (process.argv.includes('--check')) {
  const now = await readFile(target, 'utf8').catch(() => '');
  if (now !== text) {
    console.error('src/lib/api/schema.ts does not match docs/openapi.json; run `npm run api`');
    process.exit(1);
  }
} else {
  await writeFile(target, text);
}
