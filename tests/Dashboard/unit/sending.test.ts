import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { send } from '../../../web/dashboard/src/offline/sending.ts';

const keys: (string | null)[] = [];
let answers: (() => Promise<Response>)[] = [];

beforeEach(() => {
  keys.length = 0;
  vi.stubGlobal('document', { cookie: '' });
  vi.stubGlobal('fetch', (request: Request) => {
    keys.push(request.headers.get('Idempotency-Key'));
    return (answers.shift() ?? (() => Promise.resolve(new Response('{}'))))();
  });
});
afterEach(() => vi.unstubAllGlobals());

const command = (body: string, method = 'POST') =>
  send(new Request('http://localhost/v1/tokens', { method, body: method === 'GET' ? null : body }));
const lost = () => Promise.reject(new TypeError('Failed to fetch'));

test('Command_WithoutAKeyOfItsOwn_GetsOne_AndAReadGetsNone', async () => {
  await command('a');
  await command('', 'GET');
  expect(keys[0]).toMatch(/^[0-9a-f-]{32,36}$/);
  expect(keys[1]).toBeNull();
});

test('Command_WhoseAnswerWasLost_IsAskedForAgainUnderTheSameKey', async () => {
  answers = [lost];
  await expect(command('a')).rejects.toThrow();
  await command('b');
  await command('a');
  await command('a');
  expect(keys[2]).toBe(keys[0]);
  expect(new Set(keys).size).toBe(3);
});

test('Command_AskedForTwiceAtOnce_IsOne', async () => {
  await Promise.all([command('a'), command('a')]);
  expect(keys[0]).toBe(keys[1]);
});
