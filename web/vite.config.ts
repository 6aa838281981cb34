import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

// The server that `npm run dev` talks to. Origin and cookie stay those of the page, as in production.
const server = process.env.FAFF_URL ?? 'http://127.0.0.1:3000';
const proxied = { target: server, changeOrigin: false };
const proxy = { '/api': proxied, '/uploads': proxied, '/health': proxied, '/socket.io': { ...proxied, ws: true } };

export default defineConfig({
  plugins: [svelte()],
  server: {
    host: '127.0.0.1',
    port: Number(process.env.PORT ?? 5173),
    strictPort: true,
    proxy,
  },
  preview: {
    host: '127.0.0.1',
    port: Number(process.env.PORT ?? 4173),
    strictPort: true,
    proxy,
    // Tests give the server's own.
    headers: process.env.FAFF_POLICY === undefined ? {} : { 'Content-Security-Policy': process.env.FAFF_POLICY },
  },
  build: {
    target: 'es2022',
    // One file of styles: small, packed well, and its layers in one order.
    cssCodeSplit: false,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    manifest: true,
  },
  test: {
    include: ['src/**/*.test.ts'],
    environment: 'node',
    // One of them reads the colours; without this it would read nothing.
    css: { include: [/tokens\.css/] },
    // Busy machines are slow; none of the tests waits for something that does not come.
    testTimeout: 60_000,
  },
});
