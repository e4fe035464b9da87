import { test } from 'node:test';
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { createApp } from '../src/app.js';
import { openStore } from '../src/store.js';

const products = [
  { id: 1, name: 'Lamp <small>', text: 'Gives light.', cents: 2500, category: 'home', reviews: [5, 4, 5] },
  { id: 2, name: 'Cup', text: 'Holds tea.', cents: 900, category: 'kitchen', reviews: [3, 4, 4] },
];

async function get(path) {
  const server = createServer(createApp({ store: openStore(products, () => 0), css: 'a{}', version: 'test' }));
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  try {
    const response = await fetch(`http://127.0.0.1:${server.address().port}${path}`);
    return { status: response.status, body: await response.text() };
  } finally {
    server.close();
  }
}

test('the home page lists the products, escaped', async () => {
  const { status, body } = await get('/');
  assert.equal(status, 200);
  assert.match(body, /Lamp &lt;small&gt;/);
});

test('a product has a page', async () => {
  assert.match((await get('/products/2')).body, /9\.00 €/);
});

test('an unknown product is a 404', async () => {
  assert.equal((await get('/products/99')).status, 404);
});

test('health says which version this is', async () => {
  assert.deepEqual(JSON.parse((await get('/healthz')).body), { status: 'ok', version: 'test' });
});
