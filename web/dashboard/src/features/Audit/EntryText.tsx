import { useState } from 'react';
import ui from '../../app/ui.module.css';
import { shorten } from './shorten.ts';
import css from './TimelineList.module.css';

/** A text with its beginning in sight, and the rest for who wants it; lines stay lines. */
export function EntryText({ text }: { text: string }) {
  const [whole, setWhole] = useState(false);
  const short = shorten(text);
  if (short === null) return <>{text}</>;
  return (
    <>
      <span className={css.text}>{whole ? text : short}</span>{' '}
      <button type="button" className={ui.link} aria-expanded={whole} onClick={() => setWhole(!whole)}>
        {whole ? 'less' : 'more'}
      </button>
    </>
  );
}
