import { SegmentedControl } from '@mantine/core';
import { useId } from 'react';
import ui from './ui.module.css';

const text = (days: number) => (days === 365 ? '1 year' : days === 1 ? '1 day' : `${days} days`);

/** How long something that is made holds. */
export function DaysChoice({
  label,
  choices,
  value,
  onChange,
}: {
  label: string;
  choices: number[];
  value: number;
  onChange: (days: number) => void;
}) {
  const id = useId();
  return (
    <div className={ui.choice}>
      <span id={id}>{label}</span>
      <SegmentedControl
        size="xs"
        aria-labelledby={id}
        value={String(value)}
        onChange={(days) => onChange(Number(days))}
        data={choices.map((days) => ({ value: String(days), label: text(days) }))}
      />
    </div>
  );
}
