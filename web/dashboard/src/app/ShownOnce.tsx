import { Modal } from '@mantine/core';
import type { ReactNode } from 'react';
import { Command } from './States.tsx';
import ui from './ui.module.css';

/** A secret that the server tells this one time: nothing closes it by accident. */
export function ShownOnce({
  title,
  secret,
  close,
  intro,
  children,
}: {
  title: string;
  secret: string | null;
  close: () => void;
  intro: ReactNode;
  children?: ReactNode;
}) {
  return (
    <Modal
      opened={secret !== null}
      onClose={close}
      title={title}
      size="lg"
      closeOnClickOutside={false}
      closeButtonProps={{ 'aria-label': 'Close' }}
      attributes={{ header: { role: 'none' } }}
    >
      {secret && (
        <div className={ui.stack}>
          <p>
            {intro} <strong>It is shown this once</strong>: ProdSprint keeps only a digest of it.
          </p>
          <Command line={secret} />
          {children && <p className="muted">{children}</p>}
        </div>
      )}
    </Modal>
  );
}
