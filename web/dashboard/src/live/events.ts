import type { OperationsView, TimelineEntry, Traffic } from '../api/types.ts';

/** One resource as it is now. `version` rises with each change of it; an older one that arrives late is dropped. */
export interface ViewEvent {
  type: 'view';
  /** Where a reader stands after it; 0 or absent for what is outside the order (jobs). */
  seq?: number;
  kind: string;
  key: string;
  project: string | null;
  version: number;
  body: unknown;
}

export interface TimelineEvent {
  type: 'timeline';
  entry: TimelineEntry;
}

/** Points are absolute figures of their second: one that comes again replaces the one before. */
export interface TrafficEvent extends Partial<Traffic> {
  type: 'traffic';
  project: string;
  environment: string;
}

export interface OperationsEvent extends Partial<OperationsView> {
  type: 'operations';
}

export type LiveEvent = ViewEvent | TimelineEvent | TrafficEvent | OperationsEvent;

/** Ids are `kind/workspace/project/number@version.index`; older servers do not repeat the project beside it. */
export function projectOfEntry(entry: TimelineEntry): string | null {
  return entry.project ?? entry.id?.split('@')[0]?.split('/')[2] ?? null;
}
