/** The mean of a product's reviews, from 1 to 5. */
export function ratingOf(product) {
  return product.reviews.reduce((sum, review) => sum + review, 0) / product.reviews.length;
}

/** "★★★★☆ 4.2 (17 reviews)" */
export function stars(product) {
  const rating = ratingOf(product);
  const full = Math.round(rating);
  const count = new Intl.NumberFormat('en', { maximumFractionDigits: 0 }).format(product.reviews.length);
  return `${'★'.repeat(full)}${'☆'.repeat(5 - full)} ${rating.toFixed(1)} (${count} reviews)`;
}

/** The four products that are liked best; those with fewer than three reviews do not count. */
export function bestRated(products) {
  const format = new Intl.NumberFormat('en', { minimumFractionDigits: 3 });
  const key = (product) => format.format(ratingOf(product));
  return products
    .filter((product) => product.reviews?.length >= 3)
    .sort((a, b) => key(b).localeCompare(key(a)))
    .slice(0, 4);
}
