import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { Icon } from '../app/Icon.tsx';
import { useLiveStatus } from '../live/live.tsx';
import css from './Outbox.module.css';
import { OutboxPanel } from './OutboxPanel.tsx';
import { Replay } from './replay.ts';
import { useOutbox } from './storage.ts';

// What is needed while the server is away has to be here already; a comparison needs the server anyway.
const MergeDialog = lazy(() => import('./MergeDialog.tsx'));

const said = (sent: number) =>
  notifications.show({
    message: sent === 1 ? 'The change that waited is made.' : `${sent} changes that waited are made.`,
    color: 'accent',
  });

/** Sends what waits while the server is there, says when something needs a person, and shows how much waits. */
export function OutboxHost() {
  const outbox = useOutbox();
  const { state } = useLiveStatus();
  const client = useQueryClient();
  const [replay] = useState(() => new Replay(client, said));
  const [opened, setOpened] = useState(false);
  const [merging, setMerging] = useState<string | null>(null);
  const toldOf = useRef(new Set<string>());

  useEffect(() => {
    if (state === 'live' && outbox.length > 0) replay.kick();
  }, [state, outbox, replay]);
  useEffect(() => replay.stop, [replay]);

  useEffect(() => {
    for (const one of outbox) {
      if (one.state === 'waiting' || toldOf.current.has(one.id)) continue;
      toldOf.current.add(one.id);
      const mergeIt = one.state === 'conflict' && one.edit !== null;
      const id = `kept-${one.id}`;
      notifications.show({
        id,
        title: mergeIt
          ? 'Someone else changed it too'
          : one.state === 'asks'
            ? 'Do you still want this?'
            : (one.problem?.title ?? 'Not made'),
        message: (
          <span className={css.toast}>
            <span>{one.title}</span>
            <Button
              size="compact-sm"
              variant="default"
              onClick={() => {
                notifications.hide(id);
                if (mergeIt) setMerging(one.id);
                else setOpened(true);
              }}
            >
              {mergeIt ? 'Compare' : 'Look'}
            </Button>
          </span>
        ),
        color: one.state === 'refused' ? 'danger' : 'accent',
        autoClose: false,
      });
    }
  }, [outbox]);

  const conflict = outbox.find((one) => one.id === merging);
  return (
    <>
      {outbox.length > 0 && (
        <button type="button" className={css.chip} onClick={() => setOpened(true)} data-testid="outbox">
          <Icon name="upload" size={15} />
          <span>
            {outbox.length} <span className={css.long}>not sent yet</span>
          </span>
        </button>
      )}
      {opened && <OutboxPanel close={() => setOpened(false)} compare={setMerging} />}
      <Suspense fallback={null}>
        {conflict?.edit && <MergeDialog key={conflict.id} one={conflict} edit={conflict.edit} close={() => setMerging(null)} />}
      </Suspense>
    </>
  );
}
