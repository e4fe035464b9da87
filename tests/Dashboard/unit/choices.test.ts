import { describe, expect, it } from 'vitest';
import { asBody, usual, wrong } from '../../../web/dashboard/src/features/Plans/choices.ts';

describe('choices of a blueprint', () => {
  it('what is empty is left to the server', () => {
    expect(asBody(usual)).toEqual({});
    expect(asBody({ ...usual, region: ' ', usage: { egressGiB: '' } })).toEqual({});
  });

  it('what is typed is sent, numbers as numbers', () => {
    expect(
      asBody({ profile: 'soc2', region: ' eu-central-1', domain: 'shop.example.com', usage: { egressGiB: '0', peakFactor: '1.5' } }),
    ).toEqual({
      profile: 'soc2',
      region: 'eu-central-1',
      domain: 'shop.example.com',
      usage: { egressGiB: 0, peakFactor: 1.5 },
    });
  });

  it('a number out of its bounds is said before it is sent', () => {
    expect(wrong('731', 0, 730)).toBe('0 to 730');
    expect(wrong('many', 0, 730)).toBe('0 to 730');
    expect(wrong('730', 0, 730)).toBeNull();
    expect(wrong(undefined, 0, 730)).toBeNull();
  });
});
