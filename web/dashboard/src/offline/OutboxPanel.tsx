import { Button, Modal } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { Ago } from '../app/Ago.tsx';
import ui from '../app/ui.module.css';
import { Tag } from '../features/Gates/Verdict.tsx';
import css from './Outbox.module.css';
import { goodForMs } from './keep.ts';
import { confirm, drop, type Kept } from './outbox.ts';
import { changeOutbox, useOutbox } from './storage.ts';

const states = {
  waiting: { tone: 'plain', icon: 'clock', text: 'Waits for the server' },
  asks: { tone: 'hold', icon: 'warning', text: 'Waited long: still wanted?' },
  conflict: { tone: 'hold', icon: 'warning', text: 'Someone else changed it too' },
  refused: { tone: 'bad', icon: 'cross', text: 'Refused' },
} as const;

function Entry({ one, compare }: { one: Kept; compare: () => void }) {
  const { tone, icon, text } = states[one.state];
  const letGo = () => {
    notifications.hide(`kept-${one.id}`);
    changeOutbox((outbox) => drop(outbox, one.id));
  };
  return (
    <li className={css.entry}>
      <div>
        <strong>{one.title}</strong>
        <p className={`${ui.small} muted`}>
          {one.user} in {one.workspace}, asked for <Ago at={one.at} />
        </p>
        <p>
          <Tag tone={tone} icon={icon} small>
            {one.state === 'conflict' && !one.edit ? 'Not possible any more' : text}
          </Tag>
        </p>
        {one.problem && (
          <p className={ui.small}>
            {one.problem.detail || one.problem.title} {one.problem.next && <>Next: {one.problem.next}</>}
          </p>
        )}
      </div>
      <div className={ui.row}>
        {one.state === 'asks' && (
          <Button
            size="compact-sm"
            variant="default"
            onClick={() => changeOutbox((outbox) => confirm(outbox, one.id, Date.now() + goodForMs.soon))}
          >
            Send now
          </Button>
        )}
        {one.state === 'conflict' && one.edit && (
          <Button size="compact-sm" variant="default" onClick={compare}>
            Compare
          </Button>
        )}
        <Button size="compact-sm" variant="default" onClick={letGo} aria-label={`Drop: ${one.title}`}>
          Drop
        </Button>
      </div>
    </li>
  );
}

/** What was asked for and is not done yet, in the order in which it goes out. */
export function OutboxPanel({ close, compare }: { close: () => void; compare: (id: string) => void }) {
  const outbox = useOutbox();
  return (
    <Modal opened onClose={close} title="Not sent yet" size="lg">
      {outbox.length === 0 ? (
        <p className="muted">Nothing waits: everything you asked for has reached the server.</p>
      ) : (
        <>
          <p className="muted">
            Kept in this browser and sent in this order as soon as the server answers. Each carries a key, so that it is done once whatever
            happens on the way.
          </p>
          <ol className={css.list}>
            {outbox.map((one) => (
              <Entry
                key={one.id}
                one={one}
                compare={() => {
                  close();
                  compare(one.id);
                }}
              />
            ))}
          </ol>
        </>
      )}
    </Modal>
  );
}
