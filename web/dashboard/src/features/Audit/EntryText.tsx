import { useState } from 'react';
import ui from '../../app/ui.module.css';
import { shorten } from './shorten.ts';

export function EntryText({ text }: { text: string }) {
  const [whole, setWhole] = useState(false);
  const short = shorten(text);
  if (short === null) return <p>{text}</p>;
  return (
    <p>
      {whole ? text : short}{' '}
      <button type="button" className={ui.link} aria-expanded={whole} onClick={() => setWhole(!whole)}>
        {whole ? 'less' : 'more'}
      </button>
    </p>
  );
}
