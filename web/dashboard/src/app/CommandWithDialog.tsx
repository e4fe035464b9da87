import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { CommandButton } from '../features/Identity/CommandButton.tsx';
import type { Action } from '../features/Identity/permissions.ts';
import { CommandDialog, type CommandProps } from './CommandDialog.tsx';
import { Icon, type IconName } from './Icon.tsx';
import { ShownOnce, type Secret } from './ShownOnce.tsx';

interface Props<T> extends Omit<CommandProps, 'opened' | 'close' | 'title' | 'confirm' | 'send'> {
  action: Action;
  label: string;
  /** What the button says to a screen reader, where several with its label stand on one page. */
  spoken?: string;
  /** The dialog's; else what the button says. */
  title?: string;
  /** On the button that sends; else what the button says. */
  confirm?: string;
  icon?: IconName;
  variant?: 'filled' | 'default';
  /** Small, among others of its kind. */
  inRow?: boolean;
  /** Before it opens: what was entered last time is not what is wanted this time. */
  begin?: () => void;
  /** Queries whose answers it changes, by the first part of their keys. */
  changes?: readonly string[];
  send: (reason: string, idempotencyKey: string) => Promise<T>;
  /** The answer has a secret in it, which the server tells this one time. */
  shownOnce?: (made: T) => Secret;
}

/** A button, and the dialog that it opens; what the command has changed is read again. */
export function CommandWithDialog<T>({
  action,
  label,
  spoken,
  title = spoken ?? label,
  confirm = label,
  icon,
  inRow,
  variant = inRow ? 'default' : 'filled',
  begin,
  changes = [],
  send,
  shownOnce,
  ...dialog
}: Props<T>) {
  const [opened, setOpened] = useState(false);
  const [secret, setSecret] = useState<Secret | null>(null);
  const client = useQueryClient();
  return (
    <>
      <CommandButton
        action={action}
        size={inRow ? 'compact-sm' : 'sm'}
        variant={variant}
        leftSection={icon && <Icon name={icon} size={inRow ? 14 : 16} />}
        aria-label={spoken}
        onClick={() => {
          begin?.();
          setOpened(true);
        }}
      >
        {label}
      </CommandButton>
      {/* Mounted before it opens: only then does it know where the focus came from and give it back. */}
      <CommandDialog
        {...dialog}
        opened={opened}
        close={() => setOpened(false)}
        title={title}
        confirm={confirm}
        later={shownOnce ? 'never' : dialog.later}
        send={async (reason, key) => {
          const made = await send(reason, key);
          const read = Promise.all(changes.map((one) => client.invalidateQueries({ queryKey: [one] })));
          if (shownOnce) setSecret(shownOnce(made));
          else await read;
        }}
      />
      {shownOnce && <ShownOnce made={secret} close={() => setSecret(null)} />}
    </>
  );
}
