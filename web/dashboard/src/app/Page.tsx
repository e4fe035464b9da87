import type { ReactNode } from 'react';
import { useTitle } from './title.ts';
import ui from './ui.module.css';

/** One of the screens: what it is, in a word and in a sentence, and what may be done beside that. */
export function Page({ title, lead, aside, children }: { title: string; lead: ReactNode; aside?: ReactNode; children: ReactNode }) {
  useTitle(title);
  return (
    <div className={ui.page}>
      <div className={ui.top}>
        <div>
          <h1>{title}</h1>
          {/* Keeps its line before there is something to say. */}
          <p>{lead || '\u00a0'}</p>
        </div>
        {aside}
      </div>
      {children}
    </div>
  );
}
