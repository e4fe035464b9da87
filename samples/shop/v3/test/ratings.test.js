import { test } from 'node:test';
import assert from 'node:assert/strict';
import { bestRated, ratingOf, stars } from '../src/ratings.js';

test('the rating is the mean of the reviews', () => {
  assert.equal(ratingOf({ reviews: [5, 4, 3] }), 4);
});

test('stars round to whole ones and say how many reviews there are', () => {
  assert.equal(stars({ reviews: [4, 4, 5] }), '★★★★☆ 4.3 (3 reviews)');
});

test('the best rated come first, and few reviews do not count', () => {
  const products = [{ id: 1, reviews: [3, 3, 3] }, { id: 2, reviews: [5, 5, 5] }, { id: 3, reviews: [5] }, { id: 4, reviews: [4, 4, 4] }];
  assert.deepEqual(bestRated(products).map((p) => p.id), [2, 4, 1]);
});
