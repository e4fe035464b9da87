import { setTimeout as wait } from 'node:timers/promises';

/** The catalogue behind a delay, as a database would have it: mostly 2 to 8 ms, now and then more. */
export function openStore(products, delay = queryTime) {
  const byId = new Map(products.map((product) => [product.id, product]));
  return {
    async all() {
      await wait(delay());
      return products;
    },
    async find(id) {
      await wait(delay());
      return byId.get(id);
    },
  };
}

function queryTime() {
  return Math.min(40, 2 - 3 * Math.log(1 - Math.random()));
}
