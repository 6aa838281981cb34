import { vitePreprocess } from '@sveltejs/vite-plugin-svelte';

/** Styles of components belong to the layer `components`, so that utilities can overrule them. public/layers.css says the order
 * of the layers before any of them comes. */
const layered = {
  name: 'layered',
  style: ({ content }) => ({ code: `@layer components {${content}}` }),
};

export default {
  preprocess: [vitePreprocess(), layered],
  // Short, so that styles weigh less; 5 of 36 signs are enough for some hundred components.
  compilerOptions: { runes: true, cssHash: ({ hash, filename, css }) => `s${hash(filename === '(unknown)' ? css : filename).slice(-5)}` },
};
