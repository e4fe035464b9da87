/** Something as named fields, each with a value that can be compared; one that is not there is absent. */
export type Fields = ReadonlyMap<string, string>;

export interface Field {
  id: string;
  base: string | null;
  mine: string | null;
  theirs: string | null;
  /** Who changed it: one of us, both to the same, or both to something else, which a person has to decide. */
  changed: 'mine' | 'theirs' | 'same' | 'conflict';
}

export type Side = 'mine' | 'theirs';

/** What each side changed since they both saw the base, field by field; fields that nobody touched are left out. */
export function merge(base: Fields, mine: Fields, theirs: Fields): Field[] {
  const ids = [...new Set([...base.keys(), ...mine.keys(), ...theirs.keys()])];
  return ids.flatMap((id): Field[] => {
    const [b, m, t] = [base.get(id) ?? null, mine.get(id) ?? null, theirs.get(id) ?? null];
    if (m === b && t === b) return [];
    const changed = m === t ? 'same' : m === b ? 'theirs' : t === b ? 'mine' : 'conflict';
    return [{ id, base: b, mine: m, theirs: t, changed }];
  });
}

/**
 * Whether it can go out on the new state without asking. Fields that stand each for themselves (one variable, one window) get along while nobody changed
 * the same one; where they make sense only together (the roles of one person), nobody else may have changed any.
 */
export const isClean = (fields: Field[], apart: boolean) =>
  fields.every((f) => f.changed === 'mine' || (apart && f.changed !== 'conflict'));

/** What is taken when nobody chooses: each side's own changes; of what both changed, theirs, because it stands already. */
export const usual = (field: Field): Side => (field.changed === 'mine' ? 'mine' : 'theirs');

/** Their state with what is taken of mine. */
export function resolve(theirs: Fields, fields: Field[], choice: Readonly<Record<string, Side>>): Fields {
  const merged = new Map(theirs);
  for (const field of fields) {
    const value = (choice[field.id] ?? usual(field)) === 'mine' ? field.mine : field.theirs;
    if (value === null) merged.delete(field.id);
    else merged.set(field.id, value);
  }
  return merged;
}
