import { SegmentedControl, Select, Switch } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { projectQuery, releasesQuery } from '../../api/queries.ts';
import { count } from '../../app/format.ts';
import { Empty, Failure } from '../../app/States.tsx';
import ui from '../../app/ui.module.css';
import { useProjectId } from '../Projects/ProjectPage.tsx';
import css from './LogsTab.module.css';
import type { LogTail } from './logLines.ts';
import { useLogTail, type LogSource } from './useLogTail.ts';

function Lines({ tail, follow }: { tail: LogTail; follow: boolean }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (follow && box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [tail, follow]);
  return (
    <div ref={box} className={css.log} tabIndex={0} role="log" aria-label="Log" aria-live="off">
      {tail.dropped > 0 && (
        <p className={css.dropped}>{count(tail.dropped)} older lines are not shown here; prodsprint logs has them all.</p>
      )}
      {tail.lines.map((line) => (
        <div key={line.id} className={css.line}>
          {line.text}
        </div>
      ))}
    </div>
  );
}

export function LogsTab() {
  const id = useProjectId();
  const active = useQuery(projectQuery(id)).data?.activeRelease;
  const releases = useQuery(releasesQuery(id)).data ?? [];
  const [chosen, setChosen] = useState<string | null>(null);
  const [source, setSource] = useState<LogSource['source']>('build');
  const [follow, setFollow] = useState(true);
  const release = chosen !== null ? Number(chosen) : (active ?? releases[0]?.number ?? null);
  const { tail, error, loaded } = useLogTail({ project: id, release, source }, follow);
  if (releases.length === 0) {
    return (
      <Empty icon="info" title="No logs yet" command={`prodsprint release --project ${id} --watch`}>
        Builds and running versions write here, line by line.
      </Empty>
    );
  }
  return (
    <section className={ui.card} aria-label="Logs">
      <div className={ui.cardHead}>
        <div className={ui.row}>
          <Select
            size="xs"
            w={190}
            aria-label="Release"
            value={release === null ? null : String(release)}
            onChange={setChosen}
            allowDeselect={false}
            data={releases.map((r) => ({ value: String(r.number), label: `${r.version} (release ${r.number})` }))}
          />
          <SegmentedControl
            size="xs"
            aria-label="Log of"
            value={source}
            onChange={(v) => setSource(v as LogSource['source'])}
            data={[
              { value: 'build', label: 'Build' },
              { value: 'staging', label: 'Staging' },
              { value: 'production', label: 'Production' },
            ]}
          />
        </div>
        <div className={ui.row}>
          <span className={`${ui.small} muted`}>{count(tail.dropped + tail.lines.length)} lines</span>
          <Switch size="sm" label="Follow" checked={follow} onChange={(e) => setFollow(e.currentTarget.checked)} />
        </div>
      </div>
      {error != null && tail.lines.length === 0 ? (
        <Failure error={error} what="The log" />
      ) : tail.lines.length === 0 ? (
        <div className={css.none}>{loaded ? 'Nothing has been written yet.' : ''}</div>
      ) : (
        <Lines tail={tail} follow={follow} />
      )}
    </section>
  );
}
