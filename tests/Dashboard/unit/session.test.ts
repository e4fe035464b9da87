import { describe, expect, test } from 'vitest';
import { forgeryToken, signInAddress } from '../../../web/dashboard/src/api/session.ts';
import { device } from '../../../web/dashboard/src/features/Identity/sessions.ts';

describe('session', () => {
  test.each([
    ['', null],
    ['a=1; b=2', null],
    ['a=1; prodsprint-csrf=x%2By', 'x+y'],
    ['__Host-prodsprint-csrf=abc=; other=1', 'abc='],
    ['not-prodsprint-csrf=abc', null],
    ['prodsprint-csrf=', null],
  ])('ForgeryToken_Of_%s_Is_%s', (cookies, token) => expect(forgeryToken(cookies)).toBe(token));

  test('SignInAddress_BringsBack_AndSaysWhy', () => {
    expect(signInAddress('/projects/shop?x=1', false)).toBe('/sign-in?returnTo=%2Fprojects%2Fshop%3Fx%3D1');
    expect(signInAddress('/', true)).toBe('/sign-in?returnTo=%2F&error=session.over');
  });
});

test.each([
  ['Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36', 'Chrome on Linux'],
  ['Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140.0', 'Edge on Windows'],
  ['Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Mobile Safari/604.1', 'Safari on iOS'],
  ['Mozilla/5.0 (Macintosh; Intel Mac OS X 14.5; rv:140.0) Gecko/20100101 Firefox/140.0', 'Firefox on macOS'],
  ['prodsprint/1.2', 'Command line'],
  ['curl/8.5', 'curl/8.5'],
  ['', 'Unknown program'],
])('Device_%s_Is_%s', (agent, name) => expect(device(agent)).toBe(name));
