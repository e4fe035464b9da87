// Identity providers that nobody here wrote, in one process on free ports of this machine. The first line of its output says where they are; it ends when its input does.
// Input, one line of JSON: { "callback": "http://127.0.0.1:PORT/sign-in/callback/", "cert": PEM, "key": PEM }
import { createInterface } from 'node:readline';
import { createEmulator } from 'emulate';
import { listen } from './listen.mjs';
import { startOidc } from './oidc.mjs';
import { startSaml } from './saml.mjs';

const { callback, cert, key } = JSON.parse(await new Promise((done) => createInterface({ input: process.stdin }).once('line', done)));
process.stdin.on('end', () => process.exit(0)).resume();

const [google, apple, github] = await Promise.all(
  [
    ['google', { oauth_clients: [{ client_id: 'ps-google', client_secret: 'google-secret', name: 'ProdSprint', redirect_uris: [`${callback}google`] }],
      users: [{ email: 'ana@example.com', name: 'Ana Maria', email_verified: true }, { email: 'new@example.com', name: 'New', email_verified: false }] }],
    ['apple', { oauth_clients: [{ client_id: 'dev.prodsprint', team_id: 'TEAM000001', name: 'ProdSprint', redirect_uris: [`${callback}apple`] }],
      users: [{ email: 'ana@example.com', name: 'Ana Maria', given_name: 'Ana', family_name: 'Maria' }] }],
    ['github', { oauth_apps: [{ client_id: 'ps-github', client_secret: 'github-secret', name: 'ProdSprint', redirect_uris: [`${callback}github`] }],
      users: [{ login: 'ana', name: 'Ana Maria', email: 'ana@example.com' }, { login: 'ben', name: 'Ben', email: 'ben@example.com' }] }],
  ].map(async ([service, seed]) => {
    const port = await listen((_, response) => response.end()).then(async (server) => {
      const found = server.address().port;
      await new Promise((closed) => server.close(closed));
      return found;
    });
    return (await createEmulator({ service, port, hostname: '127.0.0.1', baseUrl: `http://127.0.0.1:${port}`, seed: { [service]: seed } })).url;
  }),
);
const oidc = await startOidc(`${callback}corp`);
const saml = await startSaml(cert, key);
console.log(JSON.stringify({ google, apple, github, oidc, saml }));
