import type { ReactNode } from 'react';
import ui from './ui.module.css';

/** A named part of a page. Beside its title: what may be done to it, or a word about it. */
export function Card({
  label,
  title = label,
  aside,
  children,
}: {
  label: string;
  title?: ReactNode;
  aside?: ReactNode;
  children: ReactNode;
}) {
  return (
    <section className={ui.card} aria-label={label}>
      <div className={ui.cardHead}>
        <h2>{title}</h2>
        {typeof aside === 'string' ? <span className={`${ui.small} muted`}>{aside}</span> : aside}
      </div>
      {children}
    </section>
  );
}
