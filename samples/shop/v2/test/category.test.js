import { test } from 'node:test';
import assert from 'node:assert/strict';
import { createApp } from '../src/app.js';
import { openStore } from '../src/store.js';

const products = [{ id: 1, category: 'home' }, { id: 2, category: 'kitchen' }];

async function idsAt(url) {
  let sent;
  await createApp({ store: openStore(products, () => 0) })({ method: 'GET', url }, { writeHead() {}, end: (body) => (sent = body) });
  return JSON.parse(sent).map((product) => product.id);
}

test('all products are there as data', async () => {
  assert.deepEqual(await idsAt('/api/products'), [1, 2]);
});

test('a category has its own products only', async () => {
  assert.deepEqual(await idsAt('/api/products?category=kitchen'), [2]);
});
