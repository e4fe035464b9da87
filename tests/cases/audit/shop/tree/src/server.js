import { createServer } from 'node:http';
import { readFileSync } from 'node:fs';
import { createApp } from './app.js';
import { openStore } from './store.js';

const read = (name) => readFileSync(new URL(name, import.meta.url), 'utf8');
const { version } = JSON.parse(read('version.json'));
const app = createApp({ store: openStore(JSON.parse(read('products.json'))), css: read('style.css'), version });

const server = createServer(app);
server.keepAliveTimeout = 65_000;
const port = process.env.PORT || 3000;
server.listen(port, () => console.log(`shop ${version} listens on port ${port}`));

// SIGTERM: take no new connections, finish what is being answered, then go.
process.on('SIGTERM', () => {
  console.log('stopping');
  server.close(() => process.exit(0));
  server.closeIdleConnections();
  setTimeout(() => process.exit(0), 10_000).unref();
});
