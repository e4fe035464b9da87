import { homePage, notFoundPage, productPage } from './pages.js';
import { priceCart } from './cart.js';

/** The shop as a request handler. */
export function createApp({ store, css, version }) {
  let visits = 0;

  async function answer(request, url) {
    const path = url.pathname;
    if (path === '/healthz') return json({ status: 'ok', version });
    if (path === '/style.css') return { type: 'text/css', body: css };
    if (path === '/') {
      const products = await store.all();
      // every visitor sees another product on top
      const featured = products[visits++ % products.length];
      return html(homePage({ products: products.slice(0, 24), featured, version }));
    }
    if (path === '/api/products') return json(await store.all());
    if (path === '/api/cart') return json(await priceCart(url.searchParams.get('items') ?? '', store));
    const match = /^\/products\/(\d{1,9})$/.exec(path);
    const product = match && (await store.find(Number(match[1])));
    return product ? html(productPage({ product, version })) : { ...html(notFoundPage({ version })), status: 404 };
  }

  return async (request, response) => {
    try {
      const url = new URL(request.url, 'http://shop');
      const { status = 200, type, body } = await answer(request, url);
      response.writeHead(status, { 'content-type': `${type}; charset=utf-8`, 'content-length': Buffer.byteLength(body) });
      response.end(request.method === 'HEAD' ? undefined : body);
    } catch (error) {
      console.error(`${request.method} ${request.url}: ${error.stack}`);
      response.writeHead(500, { 'content-type': 'text/plain' });
      response.end('Something went wrong.\n');
    }
  };
}

const html = (body) => ({ type: 'text/html', body });
const json = (value) => ({ type: 'application/json', body: JSON.stringify(value) });
