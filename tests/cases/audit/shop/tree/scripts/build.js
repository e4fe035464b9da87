// Builds dist/: the modules, the catalogue checked and indexed, the style sheet without comments and space, and what version this is.
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';

const out = new URL('../dist/', import.meta.url);
const from = (path) => new URL(`../${path}`, import.meta.url);

await rm(out, { recursive: true, force: true });
await mkdir(out);
await cp(from('src/'), out, { recursive: true });

const products = JSON.parse(await readFile(from('data/products.json'), 'utf8'));
const seen = new Set();
for (const product of products) {
  if (seen.has(product.id)) throw new Error(`data/products.json: id ${product.id} is there twice`);
  if (!(product.cents > 0)) throw new Error(`data/products.json: product ${product.id} has no price`);
  seen.add(product.id);
}
await writeFile(new URL('products.json', out), JSON.stringify(products));

const css = await readFile(from('src/style.css'), 'utf8');
await writeFile(new URL('style.css', out), css.replace(/\/\*[^]*?\*\//g, '').replace(/\s+/g, ' ').replace(/ ?([{};:,]) ?/g, '$1').trim());

const { version } = JSON.parse(await readFile(from('package.json'), 'utf8'));
await writeFile(new URL('version.json', out), JSON.stringify({ version }));
console.log(`built version ${version}: ${products.length} products`);
