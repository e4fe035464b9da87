import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// The server serves web/wwwroot; in development Vite serves the sources and passes the API and the hub on to a running server.
const server = 'http://127.0.0.1:7400';

export default defineConfig({
  plugins: [react()],
  base: '/',
  build: {
    outDir: '../wwwroot',
    emptyOutDir: true,
    // Inlined assets would be data: URLs, which a strict Content-Security-Policy refuses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // The largest is React with the router: what every screen needs, and what changes least.
    chunkSizeWarningLimit: 340,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: 'react', test: /node_modules[\\/](react|react-dom|scheduler|@tanstack)[\\/]/, priority: 2 },
            { name: 'live', test: /node_modules[\\/]@microsoft[\\/]/, priority: 2 },
          ],
        },
      },
    },
  },
  server: {
    port: 7401,
    proxy: { '/v1': server, '/hubs': { target: server, ws: true } },
  },
});
