import { escape, money } from './text.js';

export function homePage({ products, featured, version }) {
  return page('Shop', version, `
    <section class="featured"><h2>Today</h2>${card(featured)}</section>
    <section class="grid">${products.map(card).join('')}</section>`);
}

export function productPage({ product, version }) {
  return page(product.name, version, `
    <article><h1>${escape(product.name)}</h1>
    <p>${escape(product.text)}</p>
    <p class="price">${money(product.cents)}</p>
    <a href="/api/cart?items=${product.id}:1">Into the cart</a></article>`);
}

export function notFoundPage({ version }) {
  return page('Not found', version, '<p>There is no such page. <a href="/">To the shop</a></p>');
}

function card(product) {
  return `<a class="card" href="/products/${product.id}"><b>${escape(product.name)}</b><span>${money(product.cents)}</span></a>`;
}

function page(title, version, body) {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escape(title)}</title><link rel="stylesheet" href="/style.css"></head>
<body><header><a href="/">Shop</a></header><main>${body}</main><footer>version ${escape(version)}</footer></body></html>`;
}
