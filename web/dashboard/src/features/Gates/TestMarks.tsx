import type { IconName } from '../../app/Icon.tsx';
import css from './Tests.module.css';
import { inWords, type Mark } from './quarantine.ts';
import { Tag } from './Verdict.tsx';

const shown: Record<Mark, { tone: 'good' | 'bad' | 'hold' | 'plain'; icon: IconName; text: string }> = {
  passed: { tone: 'good', icon: 'check', text: 'Passed' },
  wavered: { tone: 'hold', icon: 'retry', text: 'Wavered' },
  failed: { tone: 'bad', icon: 'cross', text: 'Failed' },
  skipped: { tone: 'plain', icon: 'skip', text: 'Skipped' },
};

export function MarkTag({ mark }: { mark: Mark }) {
  const { tone, icon, text } = shown[mark];
  return (
    <Tag tone={tone} icon={icon} small>
      {text}
    </Tag>
  );
}

/** Build after build, the newest on the right. How tall a mark is says what it is, so that its colour is not alone. */
export function Marks({ label, list }: { label: string; list: { key: string; mark: Mark; title: string }[] }) {
  return (
    <div className={css.marks} role="img" aria-label={`${label}: ${inWords(list.map((one) => one.mark))}`}>
      {list.map(({ key, mark, title }) => (
        <i key={key} data-mark={mark} title={title} />
      ))}
    </div>
  );
}
