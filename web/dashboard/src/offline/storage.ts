import { useMemo, useSyncExternalStore } from 'react';
import { hasSession } from '../api/session.ts';
import { actingAs } from '../features/Identity/user.ts';
import { own, type Outbox } from './outbox.ts';

/** Kept in the browser, so that it survives a reload and a crash; all tabs see the same. */
const storageKey = 'prodsprint-outbox';
const listeners = new Set<() => void>();
let text: string | null = null;
let outbox: Outbox = [];
/** Without storage it lasts as long as the page. */
let memory: string | null = null;

function raw(): string | null {
  try {
    return localStorage.getItem(storageKey);
  } catch {
    return memory;
  }
}

export function readOutbox(): Outbox {
  const now = raw();
  if (now !== text) {
    text = now;
    try {
      const kept: unknown = JSON.parse(now ?? '[]');
      outbox = Array.isArray(kept) ? (kept as Outbox) : [];
    } catch {
      outbox = [];
    }
  }
  return outbox;
}

export function changeOutbox(decide: (outbox: Outbox) => Outbox) {
  const before = readOutbox();
  const after = decide(before);
  if (after === before) return;
  memory = JSON.stringify(after);
  try {
    localStorage.setItem(storageKey, memory);
  } catch {
    // Full or refused: it stays in memory.
  }
  text = raw();
  outbox = after;
  listeners.forEach((tell) => tell());
}

const ownOf = (all: Outbox) => own(all, hasSession(), actingAs());

export const readOwnOutbox = () => ownOf(readOutbox());

/** Whoever signs out leaves nothing of theirs in the browser. */
export const forgetOutbox = () =>
  changeOutbox((all) => {
    const mine = ownOf(all);
    return mine.length === 0 ? all : all.filter((one) => !mine.includes(one));
  });

export function onOutboxChanged(tell: () => void) {
  const other = (event: StorageEvent) => (event.key === storageKey || event.key === null) && tell();
  listeners.add(tell);
  addEventListener('storage', other);
  return () => {
    listeners.delete(tell);
    removeEventListener('storage', other);
  };
}

/** What the person who acts here asked for. */
export function useOutbox(): Outbox {
  const all = useSyncExternalStore(onOutboxChanged, readOutbox);
  const [signedIn, who] = [hasSession(), actingAs()];
  return useMemo(() => own(all, signedIn, who), [all, signedIn, who]);
}
