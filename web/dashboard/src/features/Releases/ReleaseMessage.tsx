import { useEffect, useRef } from 'react';
import { readMessage } from './message.ts';
import css from './ReleasePanel.module.css';

/** What a release says of itself; the last lines of a build as lines, with the newest in sight. */
export function ReleaseMessage({ text }: { text: string }) {
  const { what, output, next } = readMessage(text);
  const log = useRef<HTMLPreElement>(null);
  useEffect(() => {
    if (log.current) log.current.scrollTop = log.current.scrollHeight;
  }, [output]);
  return (
    <>
      <p className={css.message}>{what}</p>
      {output && (
        <pre ref={log} className={css.output} tabIndex={0} aria-label="Last lines of the output">
          {output}
        </pre>
      )}
      {next && <p className={css.message}>{next}</p>}
    </>
  );
}
