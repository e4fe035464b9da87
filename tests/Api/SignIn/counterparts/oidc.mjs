// oidc-provider with what is missing to it: people, and a form that asks who one is. POST /control/rotate changes its keys.
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import Provider from 'oidc-provider';
import { form, listen, people } from './listen.mjs';

const scopes = ['openid', 'email', 'profile', 'groups'];

function key() {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { ...privateKey.export({ format: 'jwk' }), kid: randomUUID(), use: 'sig', alg: 'RS256' };
}

function provider(issuer, redirect) {
  return new Provider(issuer, {
    clients: [{ client_id: 'ps-corp', client_secret: 'corp-secret-that-is-long-enough', redirect_uris: [redirect], grant_types: ['authorization_code'] }],
    jwks: { keys: [key()] },
    cookies: { keys: ['tests'] },
    scopes,
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name', 'preferred_username'], groups: ['groups'] },
    features: { devInteractions: { enabled: false }, registration: { enabled: true } },
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
    findAccount: (_, id) => ({
      accountId: id,
      claims: () => ({ sub: id, preferred_username: id, ...people[id], email_verified: id !== 'ben' }),
    }),
    async loadExistingGrant(ctx) {
      const grant = new ctx.oidc.provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId });
      grant.addOIDCScope(scopes.join(' '));
      await grant.save();
      return grant;
    },
  });
}

export async function startOidc(redirect) {
  let current;
  const server = await listen(async (request, response) => {
    const url = new URL(request.url, 'http://127.0.0.1');
    if (url.pathname === '/control/rotate') {
      current = provider(current.issuer, redirect);
      response.end();
    } else if (url.pathname.startsWith('/interaction/')) {
      const who = url.searchParams.get('as');
      if (who === 'nobody') await current.interactionFinished(request, response, { error: 'access_denied', error_description: 'They would rather not' });
      else if (who) await current.interactionFinished(request, response, { login: { accountId: who, remember: false } });
      else response.setHeader('content-type', 'text/html').end(form(url.pathname, {}));
    } else {
      current.callback()(request, response);
    }
  });
  current = provider(`http://127.0.0.1:${server.address().port}`, redirect);
  return current.issuer;
}
