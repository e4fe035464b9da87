import { generateKeyPairSync } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider from 'oidc-provider';

const people: Record<string, { name: string; email: string; groups: string[] }> = {
  mia: { name: 'Mia', email: 'mia@corp.example', groups: ['staff', 'release-managers'] },
};

const scopes = ['openid', 'email', 'profile', 'groups'];

/** oidc-provider, which nobody here wrote, with what is missing to it: people, and a form that asks who one is. */
export class OidcProvider {
  private server?: Server;
  issuer = '';

  async start() {
    const server = createServer();
    this.server = server;
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    this.issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const provider = new Provider(this.issuer, {
      jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), kid: 'one', use: 'sig', alg: 'RS256' }] as never },
      cookies: { keys: ['tests'] },
      scopes,
      claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name', 'preferred_username'], groups: ['groups'] },
      ttl: { Interaction: 600, Grant: 600, Session: 600, AccessToken: 600, IdToken: 600 },
      features: { devInteractions: { enabled: false }, registration: { enabled: true } },
      interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
      findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, preferred_username: id, ...people[id], email_verified: true }) }),
      async loadExistingGrant(ctx) {
        const grant = new ctx.oidc.provider.Grant({ clientId: ctx.oidc.client!.clientId, accountId: ctx.oidc.session!.accountId! });
        grant.addOIDCScope(scopes.join(' '));
        await grant.save();
        return grant;
      },
    });
    const answer = provider.callback();
    const interact = async (request: IncomingMessage, response: ServerResponse) => {
      const who = new URL(request.url!, this.issuer).searchParams.get('as');
      if (who) await provider.interactionFinished(request, response, { login: { accountId: who, remember: false } });
      else
        response
          .writeHead(200, { 'content-type': 'text/html' })
          .end('<title>Corp</title><form><label>Who are you? <input name="as"></label></form>');
    };
    server.on('request', (request, response) => {
      if (!request.url!.startsWith('/interaction/')) void answer(request, response);
      else interact(request, response).catch((error: unknown) => response.writeHead(500).end(String(error)));
    });
  }

  /** As whoever runs the provider does it, with the address that ProdSprint shows. */
  async register(redirect: string) {
    const body = JSON.stringify({ redirect_uris: [redirect], grant_types: ['authorization_code'] });
    const answer = await fetch(`${this.issuer}/reg`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    return (await answer.json()) as { client_id: string; client_secret: string };
  }

  async end() {
    this.server?.closeAllConnections();
    await new Promise((closed) => (this.server ? this.server.close(closed) : closed(undefined)));
  }
}
