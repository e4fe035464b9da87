import type { components } from '../../api/schema.ts';

type Usage = components['schemas']['UsageBody'];

/** What people may choose of a blueprint, as it is typed; what is empty is as usual. */
export interface Choices {
  profile: string;
  region: string;
  domain: string;
  usage: Partial<Record<keyof Usage, string>>;
}

export const usual: Choices = { profile: '', region: '', domain: '', usage: {} };

/** As the server bounds them. */
export const amounts: { name: keyof Usage; label: string; least: number; most: number }[] = [
  { name: 'requestsPerMonth', label: 'Requests a month', least: 0, most: 1e13 },
  { name: 'egressGiB', label: 'GiB that leave in a month', least: 0, most: 1e9 },
  { name: 'storageGiB', label: 'GiB of files', least: 0, most: 1e9 },
  { name: 'databaseGiB', label: 'GiB of database', least: 0, most: 65536 },
  { name: 'logGiB', label: 'GiB of logs in a month', least: 0, most: 1e6 },
  { name: 'stagingHours', label: 'Hours of staging in a month', least: 0, most: 730 },
  { name: 'peakFactor', label: 'Times as much at the peak', least: 1, most: 100 },
];

/** What is wrong with a number as it is typed; null: nothing. */
export function wrong(text: string | undefined, least: number, most: number): string | null {
  if (!text?.trim()) return null;
  const value = Number(text);
  return Number.isFinite(value) && value >= least && value <= most ? null : `${least} to ${most}`;
}

/** The part of the request that they are. */
export function asBody({ profile, region, domain, usage }: Choices) {
  const told = amounts.filter((a) => usage[a.name]?.trim());
  return {
    ...(profile && { profile }),
    ...(region.trim() && { region: region.trim() }),
    ...(domain.trim() && { domain: domain.trim() }),
    ...(told.length > 0 && { usage: Object.fromEntries(told.map((a) => [a.name, Number(usage[a.name])])) as Usage }),
  };
}
