import { Modal } from '@mantine/core';
import type { ReactNode } from 'react';
import { Command } from './States.tsx';
import ui from './ui.module.css';

export interface Secret {
  title: string;
  secret: string;
  intro: ReactNode;
  /** What the server has of it afterwards; else a digest alone. */
  kept?: string;
  note?: ReactNode;
}

/** A secret that the server tells this one time: nothing closes it by accident. */
export function ShownOnce({ made, close }: { made: Secret | null; close: () => void }) {
  return (
    <Modal opened={made !== null} onClose={close} title={made?.title} size="lg" closeOnClickOutside={false}>
      {made && (
        <div className={ui.stack}>
          <p>
            {made.intro} <strong>It is shown this once</strong>. {made.kept ?? 'ProdSprint keeps only a digest of it.'}
          </p>
          <Command line={made.secret} />
          {made.note && <p className="muted">{made.note}</p>}
        </div>
      )}
    </Modal>
  );
}
