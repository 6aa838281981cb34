import { vitePreprocess } from '@sveltejs/vite-plugin-svelte';

/** Styles of components belong to the layer `components`, so that utilities can overrule them. The order of the layers is said
 * in each file: whichever chunk of styles comes first decides it. */
const layered = {
  name: 'layered',
  style: ({ content }) => ({ code: `@layer reset, tokens, base, components, utilities; @layer components {${content}}` }),
};

export default {
  preprocess: [vitePreprocess(), layered],
  // Short names of scopes: they are in every selector.
  compilerOptions: { runes: true, cssHash: ({ hash, filename }) => `f${hash(filename).slice(0, 4)}` },
};
