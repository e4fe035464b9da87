/** Up to four other products of the same category, those nearest in price first. */
export function relatedTo(product, products) {
  return products
    .filter((other) => other.category === product.category && other.id !== product.id)
    .sort((a, b) => Math.abs(a.cents - product.cents) - Math.abs(b.cents - product.cents) || a.id - b.id)
    .slice(0, 4);
}
