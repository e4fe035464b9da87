import { createServer } from 'node:http';

export const listen = (handler) =>
  new Promise((done) => {
    const server = createServer(handler).listen(0, '127.0.0.1', () => done(server));
  });

/** Who somebody is, is said on a form, as at any provider. */
export const form = (action, fields) =>
  `<form method="get" action="${action}">${Object.entries(fields)
    .map(([name, value]) => `<input type="hidden" name="${name}" value="${String(value).replaceAll('&', '&amp;').replaceAll('"', '&quot;')}"/>`)
    .join('')}<input name="as"/></form>`;

export const people = {
  ana: { name: 'Ana Maria', email: 'ana@corp.example', groups: ['staff', 'release-managers'] },
  ben: { name: 'Ben', email: 'ben@corp.example', groups: ['staff'] },
  max: { name: 'Max', email: 'max@elsewhere.example', groups: [] },
};
