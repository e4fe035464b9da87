import { Button, Modal, Textarea } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { ApiProblem, newKey } from '../api/client.ts';
import { useLiveStatus } from '../live/live.tsx';
import type { Edit } from '../offline/edits.ts';
import { runOrKeep, type Later } from '../offline/keep.ts';
import { StepUp } from '../features/Identity/StepUp.tsx';
import css from './CommandDialog.module.css';

export interface CommandProps {
  opened: boolean;
  close: () => void;
  title: string;
  consequence: ReactNode;
  confirm: string;
  danger?: boolean;
  reasonRequired?: boolean;
  withReason?: boolean;
  /** More fields, above the reason. */
  children?: ReactNode;
  ready?: boolean;
  send: (reason: string, idempotencyKey: string) => Promise<unknown>;
  done?: string;
  /** Whether it may go out after it was asked for, when the server is not there now. */
  later?: Later;
  /** What it changes, so that it can be merged with what others changed meanwhile. */
  edit?: (reason: string) => Edit;
}

/** Every command that changes something goes through here: what will happen, why, and one key per intention. */
export function CommandDialog({
  opened,
  close,
  title,
  consequence,
  confirm,
  danger,
  reasonRequired = false,
  withReason = true,
  children,
  ready = true,
  send,
  done,
  later = 'whenever',
  edit,
}: CommandProps) {
  const [reason, setReason] = useState('');
  const [missing, setMissing] = useState(false);
  const key = useRef('');
  const command = useMutation({
    mutationFn: () =>
      runOrKeep({ title, key: key.current, later, edit: edit?.(reason.trim()) ?? null, run: (key) => send(reason.trim(), key) }),
    onSuccess: (came) => {
      if (came === 'done') notifications.show({ message: done ?? `${title}: accepted.`, color: 'accent' });
      if (came === 'kept') notifications.show({ message: `${title}: kept, and sent when the server answers.`, color: 'accent' });
      close();
    },
    onError: (error) => {
      // What was refused was refused for good under its key: whoever mends it, or shows who they are, asks for something new.
      if (error instanceof ApiProblem && error.status >= 400 && error.status < 500) key.current = newKey();
    },
  });
  const { reset } = command;
  useEffect(() => {
    if (!opened) return;
    key.current = newKey();
    setReason('');
    setMissing(false);
    reset();
  }, [opened, reset]);

  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    const lacking = reasonRequired && reason.trim() === '';
    setMissing(lacking);
    if (!lacking && ready && !command.isPending) command.mutate();
  };
  const lost = useLiveStatus().state === 'lost';
  const problem = command.error instanceof ApiProblem ? command.error : null;
  return (
    <Modal opened={opened} onClose={close} title={title} size="md">
      <form onSubmit={submit} className={css.form} noValidate>
        <p className={css.consequence}>{consequence}</p>
        {children}
        {withReason && (
          <Textarea
            label="Reason"
            description="Goes into the timeline, with your name."
            value={reason}
            onChange={(e) => setReason(e.currentTarget.value)}
            required={reasonRequired}
            withAsterisk={reasonRequired}
            error={missing ? 'Say why, so that others can follow.' : null}
            autosize
            minRows={2}
            maxRows={6}
            data-autofocus
            maxLength={500}
          />
        )}
        {lost && (
          <p className={css.lost} role="note">
            {later === 'never'
              ? 'The server does not answer. This has to wait until it does, because its answer has to be seen.'
              : 'The server does not answer. What you ask for is kept in this browser, as you enter it here, and sent when it does.'}
          </p>
        )}
        {command.error && (
          <div className={css.problem} role="alert">
            <strong>{problem?.title ?? 'It was not sent'}</strong>
            <span>{command.error.message}</span>
            {problem?.next && <span>Next: {problem.next}</span>}
          </div>
        )}
        {problem?.problem.code === 'session.step-up' && <StepUp done={() => command.mutate()} />}
        <div className={css.buttons}>
          <Button variant="default" type="button" onClick={close}>
            Cancel
          </Button>
          <Button
            type="submit"
            color={danger ? 'danger' : 'accent'}
            loading={command.isPending}
            disabled={!ready || (lost && later === 'never')}
          >
            {confirm}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
