import { useMantineColorScheme, type MantineColorScheme } from '@mantine/core';
import { Icon, type IconName } from './Icon.tsx';

const next: Record<MantineColorScheme, MantineColorScheme> = { auto: 'light', light: 'dark', dark: 'auto' };
const icons: Record<MantineColorScheme, IconName> = { auto: 'system', light: 'sun', dark: 'moon' };
const names: Record<MantineColorScheme, string> = { auto: 'as the system', light: 'light', dark: 'dark' };

export function ColourSchemeSwitch({ className }: { className?: string }) {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const label = `Colours: ${names[colorScheme]}. Switch to ${names[next[colorScheme]]}.`;
  return (
    <button type="button" className={className} aria-label={label} title={label} onClick={() => setColorScheme(next[colorScheme])}>
      <Icon name={icons[colorScheme]} />
    </button>
  );
}
