import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { BlueprintView } from '../../api/types.ts';
import { Card } from '../../app/Card.tsx';
import css from './Blueprint.module.css';
import { amounts, type Choices, usual, wrong } from './choices.ts';

const profiles = [
  { value: '', label: "The plan's own" },
  ...['default', 'strict', 'soc2', 'hipaa'].map((name) => ({ value: name, label: name })),
];

/** Where it is to run and what is assumed of its use. The figures below are of what was sent last. */
export function BlueprintChoices({
  chosen,
  assumed,
  choose,
}: {
  chosen: Choices;
  /** What the last answer counted with, shown where nothing is typed. */
  assumed?: BlueprintView['cost_estimate']['usage'];
  choose: (choices: Choices) => void;
}) {
  const [draft, setDraft] = useState(chosen);
  const set = (change: Partial<Choices>) => setDraft({ ...draft, ...change });
  const bad = amounts.some((a) => wrong(draft.usage[a.name], a.least, a.most));
  return (
    <Card label="Where it runs, and how it is used">
      <form
        className={css.choices}
        aria-label="Where it runs, and how it is used"
        onSubmit={(e) => {
          e.preventDefault();
          if (!bad) choose(draft);
        }}
      >
        <NativeSelect label="Rules" data={profiles} value={draft.profile} onChange={(e) => set({ profile: e.currentTarget.value })} />
        <TextInput label="Region" placeholder="us-east-1" value={draft.region} onChange={(e) => set({ region: e.currentTarget.value })} />
        <TextInput
          label="Domain"
          placeholder="shop.example.com"
          value={draft.domain}
          onChange={(e) => set({ domain: e.currentTarget.value })}
        />
        {amounts.map((a) => (
          <TextInput
            key={a.name}
            label={a.label}
            inputMode="decimal"
            placeholder={assumed && String(assumed[a.name as keyof typeof assumed])}
            value={draft.usage[a.name] ?? ''}
            error={wrong(draft.usage[a.name], a.least, a.most)}
            onChange={(e) => set({ usage: { ...draft.usage, [a.name]: e.currentTarget.value } })}
          />
        ))}
        <span className={css.buttons}>
          <Button type="submit" variant="default" disabled={bad}>
            Work it out again
          </Button>
          {chosen !== usual && (
            <Button
              type="button"
              variant="subtle"
              onClick={() => {
                setDraft(usual);
                choose(usual);
              }}
            >
              As usual
            </Button>
          )}
        </span>
      </form>
    </Card>
  );
}
