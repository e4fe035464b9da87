// samlp with what is missing to it: people, and a form that asks who one is. /sso/response and /sso/both sign otherwise, /sso/sha1 as nobody should.
// POST /control/check: what node-saml, which nobody here wrote either, thinks of a response.
import { SAML } from '@node-saml/node-saml';
import express from 'express';
import samlp from 'samlp';
import { form, listen, people } from './listen.mjs';

const ways = {
  assertion: {},
  response: { signResponse: true, signAssertion: false },
  both: { signResponse: true },
  sha1: { signatureAlgorithm: 'rsa-sha1', digestAlgorithm: 'sha1' },
};

function mapper(user) {
  return {
    getClaims: () => ({ email: user.email, displayName: user.name, groups: user.groups }),
    getNameIdentifier: () => ({ nameIdentifier: user.id, nameIdentifierFormat: 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent' }),
  };
}
mapper.prototype.metadata = [];

export async function startSaml(cert, key) {
  const app = express();
  const server = await listen(app);
  const base = `http://127.0.0.1:${server.address().port}`;
  const issuer = `${base}/metadata`;
  app.get('/metadata', samlp.metadata({ issuer, cert, profileMapper: mapper, redirectEndpointPath: '/sso/assertion', postEndpointPath: '/sso/assertion' }));
  app.get('/sso/:way', (request, response, next) => {
    if (!request.query.as) return response.type('html').send(form(request.path, request.query));
    samlp.parseRequest(request, (error, asked) => {
      if (error) return next(error);
      const to = asked.assertionConsumerServiceURL;
      const user = { id: request.query.as, ...people[request.query.as] };
      samlp.auth({
        issuer, cert, key, ...ways[request.params.way], destination: to, recipient: to, profileMapper: mapper, lifetimeInSeconds: 300,
        getUserFromRequest: () => user, getPostURL: (_audience, _dom, _request, done) => done(null, to),
      })(request, response, next);
    });
  });
  app.post('/control/check', express.json({ limit: '1mb' }), async (request, response) => {
    const { response: SAMLResponse, callbackUrl, audience } = request.body;
    const checker = new SAML({
      callbackUrl, issuer: audience, audience, idpCert: cert, entryPoint: `${base}/sso`, wantAuthnResponseSigned: false, wantAssertionsSigned: true,
      validateInResponseTo: 'never', acceptedClockSkewMs: 300_000,
    });
    const verdict = await checker.validatePostResponseAsync({ SAMLResponse }).then(({ profile }) => ({ nameID: profile.nameID }), (error) => ({ error: error.message }));
    response.json(verdict);
  });
  return base;
}
