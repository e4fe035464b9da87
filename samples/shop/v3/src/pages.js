import { stars } from './ratings.js';
import { escape, money } from './text.js';

export function homePage({ products, featured, best, version }) {
  return page('Shop', version, `
    <section class="featured"><h2>Today</h2>${card(featured)}<p>${stars(featured)}</p></section>
    ${bestList(best)}
    <section class="grid">${products.map(card).join('')}</section>`);
}

export function productPage({ product, related, best, version }) {
  return page(product.name, version, `
    <article><h1>${escape(product.name)}</h1>
    <p>${escape(product.text)}</p>
    <p>${stars(product)}</p>
    <p class="price">${money(product.cents)}</p>
    <a href="/api/cart?items=${product.id}:1">Into the cart</a></article>
    <h2>Goes well with it</h2><section class="grid related">${related.map(card).join('')}</section>
    ${bestList(best)}`);
}

export function notFoundPage({ version }) {
  return page('Not found', version, '<p>There is no such page. <a href="/">To the shop</a></p>');
}

function bestList(best) {
  return `<section class="grid best"><h2>Best rated</h2>${best.map(card).join('')}</section>`;
}

function card(product) {
  return `<a class="card" href="/products/${product.id}"><b>${escape(product.name)}</b><span>${money(product.cents)}</span></a>`;
}

function page(title, version, body) {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escape(title)}</title><link rel="stylesheet" href="/style.css"></head>
<body><header><a href="/">Shop</a></header><main>${body}</main><footer>version ${escape(version)}</footer></body></html>`;
}
