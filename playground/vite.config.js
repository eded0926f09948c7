import { defineConfig } from 'vite';

export default defineConfig({
  build: {
    target: 'es2022',
    // The page's policy allows fonts and images from data: addresses, but a file of its own can be cached.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 4096,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: {
      // 'use client' means nothing to a page that is drawn in the browser alone.
      onwarn: (warning, warn) => warning.code === 'MODULE_LEVEL_DIRECTIVE' || warn(warning),
    },
  },
  worker: { format: 'es' },
  // `npm run dev` shows the page with a server that runs beside it: cargo run -- serve
  server: {
    proxy: { '/graphql': { target: 'http://127.0.0.1:8000', ws: true } },
  },
});
