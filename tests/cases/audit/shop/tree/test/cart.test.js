import { test } from 'node:test';
import assert from 'node:assert/strict';
import { priceCart } from '../src/cart.js';
import { openStore } from '../src/store.js';

const store = openStore([{ id: 1, name: 'Lamp', cents: 2500 }, { id: 2, name: 'Cup', cents: 900 }], () => 0);

test('adds up the pieces and the shipping', async () => {
  const cart = await priceCart('1:1,2:2', store);
  assert.equal(cart.cents, 4300);
  assert.equal(cart.total, 4790);
});

test('ships for nothing from 50 € on', async () => {
  assert.equal((await priceCart('1:2', store)).shipping, 0);
});

test('names what it does not know', async () => {
  const cart = await priceCart('7:1,x,2', store);
  assert.deepEqual(cart.unknown, ['7', 'x']);
  assert.equal(cart.lines.length, 1);
});

test('an empty cart costs nothing', async () => {
  assert.equal((await priceCart('', store)).total, 0);
});
