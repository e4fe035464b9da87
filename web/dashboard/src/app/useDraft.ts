import { useState } from 'react';

/** The fields of a form: what is in them, what a text field needs to be one of them, and how they begin anew. */
export function useDraft<T extends object>(empty: T) {
  const [draft, setDraft] = useState(empty);
  const set = <K extends keyof T>(name: K, value: T[K]) => setDraft((d) => ({ ...d, [name]: value }));
  return {
    draft,
    set,
    begin: (first: Partial<T> = {}) => setDraft({ ...empty, ...first }),
    field: (name: { [K in keyof T]: T[K] extends string ? K : never }[keyof T]) => ({
      value: draft[name] as string,
      onChange: (e: { currentTarget: { value: string } }) => set(name, e.currentTarget.value as T[typeof name]),
      autoComplete: 'off',
      spellCheck: false,
    }),
  };
}
