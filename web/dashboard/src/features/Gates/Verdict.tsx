import { sentence } from '../../app/format.ts';
import { Icon, type IconName } from '../../app/Icon.tsx';
import css from './Verdict.module.css';

type Tone = 'good' | 'bad' | 'hold' | 'plain' | 'accent';

const tones: Record<string, { tone: Tone; icon: IconName }> = {
  healthy: { tone: 'good', icon: 'check' },
  unhealthy: { tone: 'bad', icon: 'cross' },
  inconclusive: { tone: 'plain', icon: 'clock' },
};

export function Verdict({ verdict, small }: { verdict: string; small?: boolean }) {
  const { tone, icon } = tones[verdict] ?? { tone: 'plain' as const, icon: 'info' as const };
  return (
    <Tag tone={tone} icon={icon} small={small}>
      {sentence(verdict)}
    </Tag>
  );
}

/** A state in one word: colour, icon and text say the same, so that colour is never alone. */
export function Tag({
  tone,
  icon,
  small,
  testId,
  children,
}: {
  tone: Tone;
  icon?: IconName;
  small?: boolean;
  testId?: string;
  children: React.ReactNode;
}) {
  return (
    <span className={css.tag} data-testid={testId} data-tone={tone} data-small={small || undefined}>
      {icon && <Icon name={icon} size={small ? 13 : 15} />}
      {children}
    </span>
  );
}
