import { useSyncExternalStore } from 'react';
import type { Outbox } from './outbox.ts';

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

/** Whoever signs out leaves nothing of theirs in the browser. */
export const forgetOutbox = () => changeOutbox(() => []);

export function onOutboxChanged(tell: () => void) {
  const other = (event: StorageEvent) => (event.key === storageKey || event.key === null) && tell();
  listeners.add(tell);
  addEventListener('storage', other);
  return () => {
    listeners.delete(tell);
    removeEventListener('storage', other);
  };
}

export const useOutbox = () => useSyncExternalStore(onOutboxChanged, readOutbox);
