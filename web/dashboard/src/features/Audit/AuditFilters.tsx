import { Button, Select, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { permissionsQuery } from '../Identity/permissions.ts';
import { rangeProblem, readSearch, type AuditSearch } from './auditFilter.ts';
import css from './AuditLog.module.css';

/** What is looked for. It counts when it is sent, because each look leaves a row in the log. */
export function AuditFilters({ search, look }: { search: AuditSearch; look: (search: AuditSearch) => void }) {
  const [draft, setDraft] = useState<AuditSearch>(search);
  useEffect(() => setDraft(search), [search]);
  const actions = (useQuery(permissionsQuery).data ?? []).flatMap((p) => p.actions).sort();
  const problem = rangeProblem(draft);
  const field = (name: keyof AuditSearch) => ({
    value: draft[name] ?? '',
    onChange: (e: { currentTarget: { value: string } }) => {
      const value = e.currentTarget.value;
      setDraft((d) => ({ ...d, [name]: value }));
    },
  });
  return (
    <form
      className={css.filters}
      role="search"
      aria-label="Audit log"
      onSubmit={(e) => {
        e.preventDefault();
        if (!problem) look(readSearch({ ...draft }));
      }}
    >
      <TextInput size="xs" label="User" placeholder="ana" autoComplete="off" spellCheck={false} {...field('user')} />
      <Select
        size="xs"
        label="Action"
        placeholder="Any"
        searchable
        clearable
        clearButtonProps={{ 'aria-label': 'Any action' }}
        data={draft.action && !actions.includes(draft.action) ? [...actions, draft.action] : actions}
        value={draft.action ?? null}
        onChange={(action) => setDraft((d) => ({ ...d, action: action ?? undefined }))}
      />
      <TextInput size="xs" label="Resource" placeholder="projects/shop" autoComplete="off" spellCheck={false} {...field('resource')} />
      <TextInput size="xs" type="datetime-local" label="From" {...field('from')} />
      <TextInput size="xs" type="datetime-local" label="Until" error={problem} {...field('until')} />
      <div className={css.look}>
        <Button size="xs" type="submit" variant="default">
          Look
        </Button>
        {Object.keys(search).length > 0 && (
          <Button size="xs" variant="subtle" onClick={() => look({})}>
            Show all
          </Button>
        )}
      </div>
    </form>
  );
}
