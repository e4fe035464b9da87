import type { QueryClient } from '@tanstack/react-query';
import { projectQuery, timelineQuery } from '../api/queries.ts';
import type { FreezeWindow, MembersView, ProjectView, Role, TimelineEntry } from '../api/types.ts';
import { fullTime } from '../app/format.ts';
import { setFreezeWindows, setVariables } from '../features/Projects/settings.ts';
import { membersQuery, setMember, userOf } from '../features/Tenants/members.ts';
import { roleLabel, roles } from '../features/Tenants/roles.ts';
import type { Fields } from './merge.ts';

/** A change that can be merged: what the person saw, and what they made of it. */
export type Edit =
  | { kind: 'freeze'; project: string; base: FreezeWindow[]; mine: FreezeWindow[]; reason: string }
  | { kind: 'variables'; project: string; base: string[]; version: number; values: Record<string, string | null>; reason: string }
  | { kind: 'roles'; user: string; base: Role[]; mine: Role[]; reason: string };

/** The same thing three times, as fields; and how a chosen one of them goes out. */
export interface Mergeable {
  base: Fields;
  mine: Fields;
  theirs: Fields;
  /** Each field stands for itself. */
  apart: boolean;
  label: (id: string) => string;
  /** A field's value in words; null: not there. */
  show: (value: string | null) => string;
  send: (merged: Fields, key: string) => Promise<unknown>;
}

/** Windows have no names of their own: the reason is what people know one by. */
export function windowFields(windows: FreezeWindow[]): Fields {
  const seen = new Map<string, number>();
  return new Map(
    windows.map(({ reason, from, until }) => {
      const nth = (seen.get(reason) ?? 0) + 1;
      seen.set(reason, nth);
      return [nth === 1 ? reason : `${reason} (${nth})`, `${new Date(from).toISOString()} ${new Date(until).toISOString()}`];
    }),
  );
}

export const windowsOf = (fields: Fields): FreezeWindow[] =>
  [...fields]
    .map(([reason, span]) => {
      const [from, until] = span.split(' ') as [string, string];
      return { from, until, reason: reason.replace(/ \(\d+\)$/, '') };
    })
    .sort((a, b) => (a.from < b.from ? -1 : 1));

const spanText = (span: string) =>
  span
    .split(' ')
    .map((at) => fullTime(Date.parse(at)))
    .join(' until ');

const freeze = (edit: Extract<Edit, { kind: 'freeze' }>, theirs: ProjectView): Mergeable => ({
  base: windowFields(edit.base),
  mine: windowFields(edit.mine),
  theirs: windowFields(theirs.freeze),
  apart: true,
  label: (id) => id,
  show: (value) => (value === null ? 'no window' : spanText(value)),
  send: (merged, key) => setFreezeWindows(theirs, windowsOf(merged), edit.reason, key),
});

const set = 'set';
const setByOthers = 'set by someone else';

/** Values are not shown, so of one that stayed set it is only known that somebody has set variables since. */
export function variableFields(edit: Extract<Edit, { kind: 'variables' }>, names: string[], touched: boolean): [Fields, Fields, Fields] {
  const base = new Map(edit.base.map((name) => [name, set]));
  const mine = new Map<string, string>(base);
  const theirs = new Map(names.map((name) => [name, touched && name in edit.values && base.has(name) ? setByOthers : set]));
  for (const [name, value] of Object.entries(edit.values)) {
    if (value === null) mine.delete(name);
    else mine.set(name, 'your new value');
  }
  return [base, mine, theirs];
}

const touchedSince = (timeline: TimelineEntry[], project: ProjectView, version: number, user: string) =>
  timeline.some((e) => e.key === project.key && e.kind.endsWith('variables-set') && e.version > version && e.actor !== `user:${user}`);

function variables(edit: Extract<Edit, { kind: 'variables' }>, theirs: ProjectView, touched: boolean): Mergeable {
  const [base, mine, now] = variableFields(edit, theirs.variables ?? [], touched);
  const taken = (merged: Fields) =>
    Object.fromEntries(Object.entries(edit.values).filter(([name]) => (merged.get(name) ?? null) === (mine.get(name) ?? null)));
  return {
    base,
    mine,
    theirs: now,
    apart: true,
    label: (id) => id,
    show: (value) => value ?? 'not set',
    send: (merged, key) => setVariables(theirs, taken(merged), edit.reason, key),
  };
}

const roleFields = (list: Role[]): Fields => new Map(list.map((role) => [role, 'yes']));

const member = (edit: Extract<Edit, { kind: 'roles' }>, theirs: MembersView): Mergeable => ({
  base: roleFields(edit.base),
  mine: roleFields(edit.mine),
  theirs: roleFields(theirs.members.find((m) => userOf(m.actor) === edit.user)?.roles ?? []),
  apart: false,
  label: (id) => roleLabel(id as Role),
  show: (value) => value ?? 'no',
  send: (merged, key) =>
    setMember(
      theirs,
      edit.user,
      roles.map(({ role }) => role).filter((role) => merged.has(role)),
      edit.reason,
      key,
    ),
});

/** Reads what is there now, past every cache. */
export async function mergeable(client: QueryClient, edit: Edit, user: string): Promise<Mergeable> {
  if (edit.kind === 'roles') return member(edit, await client.fetchQuery({ ...membersQuery, staleTime: 0 }));
  const theirs = await client.fetchQuery({ ...projectQuery(edit.project), staleTime: 0 });
  if (edit.kind === 'freeze') return freeze(edit, theirs);
  const timeline = await client.fetchQuery({ ...timelineQuery(edit.project), staleTime: 0 });
  return variables(edit, theirs, touchedSince(timeline, theirs, edit.version, user));
}
