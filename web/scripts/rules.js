// The client's laws that no compiler checks: `npm run check`.
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../src', import.meta.url));
const problems = [];

for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || !/\.(svelte|ts)$/.test(entry.name) || entry.name === 'schema.ts') continue;
  const path = join(entry.parentPath ?? entry.path, entry.name);
  const name = path.slice(root.length + 1);
  const text = await readFile(path, 'utf8');
  const forbid = (pattern, why) => {
    for (const found of text.matchAll(pattern)) {
      const line = text.slice(0, found.index).split('\n').length;
      problems.push(`src/${name}:${line}: ${why}`);
    }
  };
  forbid(/@ts-(ignore|nocheck|expect-error)/g, 'types are not switched off');
  forbid(/(:|<|\bas) any\b/g, '`any` is not a type');
  if (!entry.name.endsWith('.test.ts')) forbid(/\bconsole\./g, 'nothing is written to the console');
  if (entry.name.endsWith('.svelte')) {
    forbid(/\{@html\b/g, 'HTML enters through ui/Markdown.svelte only');
    forbid(/\sstyle="/g, 'the content policy refuses style attributes; use style: directives or classes');
    forbid(/<(?:p|h1|h2|h3|button|a|span|label|li|dt|th)\b[^>{}]*>\s*[A-Z][a-z]+ [a-z]/g, 'visible words belong in lib/i18n/en.ts');
  }
  if (name !== join('ui', 'Markdown.svelte')) forbid(/\.(inner|outer)HTML\b|insertAdjacentHTML/g, 'HTML enters through ui/Markdown.svelte only');
  if (/^lib\//.test(name) && /\.svelte['"]/.test(text)) problems.push(`src/${name}: modules in lib/ know no components`);
  const lines = text.split('\n').length;
  if (lines > 450 && entry.name !== 'en.ts') problems.push(`src/${name}: ${lines} lines; split it (at most 450)`);
}

for (const problem of problems) console.error(problem);
process.exit(problems.length > 0 ? 1 : 0);
