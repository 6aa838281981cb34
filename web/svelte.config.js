import { vitePreprocess } from '@sveltejs/vite-plugin-svelte';

/** Styles of components belong to the layer `components`, so that utilities can overrule them. */
const layered = {
  name: 'layered',
  style: ({ content }) => ({ code: `@layer components {${content}}` }),
};

export default {
  preprocess: [vitePreprocess(), layered],
  compilerOptions: { runes: true },
};
