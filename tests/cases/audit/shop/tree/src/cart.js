/** Prices a cart given as "id:count,id:count". Unknown products and nonsense are left out and named. */
export async function priceCart(text, store) {
  const lines = [];
  const unknown = [];
  for (const part of text.split(',').filter(Boolean).slice(0, 50)) {
    const [id, count = '1'] = part.split(':');
    const product = /^\d{1,9}$/.test(id) ? await store.find(Number(id)) : undefined;
    const pieces = Math.min(99, Math.max(1, Number.parseInt(count, 10) || 1));
    if (product) lines.push({ id: product.id, name: product.name, pieces, cents: product.cents * pieces });
    else unknown.push(id);
  }
  const cents = lines.reduce((sum, line) => sum + line.cents, 0);
  const shipping = cents === 0 || cents >= 5000 ? 0 : 490;
  return { lines, unknown, cents, shipping, total: cents + shipping };
}
