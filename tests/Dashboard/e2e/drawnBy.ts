import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { Browser } from '@playwright/test';

/** What a picture depends on besides the dashboard. */
export interface DrawnBy {
  /** Its major version. */
  chromium: string;
  architecture: string;
  /** By what is asked for: the file that is taken, the beginning of its SHA-256, and how it is smoothed. */
  fonts: Record<string, string>;
}

// The first that the page asks for and the system answers; the bold ones are other files.
const asked = ['system-ui', 'system-ui:bold', 'monospace'];

const digest = (what: string | Buffer) => createHash('sha256').update(what).digest('hex').slice(0, 12);
const ask = (program: string, ...args: string[]) => execFileSync(program, args, { encoding: 'utf8' });

function known(what: () => string): string {
  try {
    return what();
  } catch {
    return 'not known';
  }
}

function fontFor(pattern: string): string {
  const [file, drawnSo] = ask('fc-match', '--format', '%{file}|%{antialias} %{hinting} %{hintstyle} %{rgba}', pattern).split('|') as [
    string,
    string,
  ];
  return `${basename(file)} ${digest(readFileSync(file))} ${drawnSo}`;
}

/** All there are: a letter that one lacks is taken from another. */
const allFonts = () => digest(ask('fc-list', '--format', '%{family} %{style} %{fontversion}\n').split('\n').sort().join('\n'));

export const thisBrowser = (browser: Browser): DrawnBy => ({
  chromium: browser.version().split('.')[0]!,
  architecture: process.arch,
  fonts: Object.fromEntries([...asked.map((pattern) => [pattern, known(() => fontFor(pattern))]), ['all fonts', known(allFonts)]]),
});

/** What differs, in words; nothing, where pictures of the one can be compared with pictures of the other. */
export function differences(then: DrawnBy, now: DrawnBy): string[] {
  const facts = ({ chromium, architecture, fonts }: DrawnBy) => ({ Chromium: chromium, architecture, ...fonts });
  const [was, is] = [facts(then), facts(now)] as Record<string, string>[];
  return Object.keys({ ...was, ...is }).flatMap((what) =>
    was![what] === is![what] && is![what] !== 'not known' ? [] : [`${what}: ${was![what]} then, ${is![what]} now`],
  );
}
