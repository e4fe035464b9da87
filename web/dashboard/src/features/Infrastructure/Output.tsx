import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { Asked } from '../../app/States.tsx';
import ui from '../../app/ui.module.css';
import { Tag } from '../Gates/Verdict.tsx';
import { jobState } from '../Jobs/jobState.ts';
import css from './Infrastructure.module.css';
import { outputQuery } from './infrastructure.ts';

/** What Terraform says, line by line, while it says it and as long as one stays here. */
export function Output({ job, environment }: { job: string; environment: string }) {
  const output = useQuery(outputQuery(job));
  const box = useRef<HTMLPreElement>(null);
  const text = output.data?.log.map((l) => l.line).join('\n') ?? '';
  useEffect(() => {
    if (box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [text]);
  return (
    <Asked query={output} what="what is being done" rows={1} rowHeight={120}>
      {(j) => {
        const { tone, icon, text: state } = jobState(j.state);
        return (
          <div className={ui.stack}>
            <div className={ui.row}>
              <h3>Output</h3>
              <Tag tone={tone} icon={icon} small>
                {state}
              </Tag>
              {j.progressText && <span className={`${ui.small} muted`}>{j.progressText}</span>}
              <Link className={ui.small} to="/administration/jobs/$job" params={{ job }}>
                Its job
              </Link>
            </div>
            {text === '' ? (
              <p className="muted">{j.endedAt ? 'It wrote nothing.' : 'Nothing has been written yet.'}</p>
            ) : (
              <pre ref={box} className={css.output} tabIndex={0} role="log" aria-live="off" aria-label={`Output for ${environment}`}>
                {text}
              </pre>
            )}
          </div>
        );
      }}
    </Asked>
  );
}
