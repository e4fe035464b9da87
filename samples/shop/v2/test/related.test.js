import { test } from 'node:test';
import assert from 'node:assert/strict';
import { relatedTo } from '../src/related.js';

const products = [
  { id: 1, category: 'home', cents: 1000 },
  { id: 2, category: 'home', cents: 5000 },
  { id: 3, category: 'home', cents: 1100 },
  { id: 4, category: 'kitchen', cents: 1000 },
];

test('stays in the category, nearest price first, without the product itself', () => {
  assert.deepEqual(relatedTo(products[0], products).map((p) => p.id), [3, 2]);
});
