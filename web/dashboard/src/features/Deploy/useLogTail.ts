import { useEffect, useState } from 'react';
import { api, ask } from '../../api/client.ts';
import { appendPage, emptyTail, type LogTail } from './logLines.ts';

export interface LogSource {
  project: string;
  release: number | null;
  source: 'build' | 'run';
}

const pollMs = 1_000;

/** Reads a log to its end and then on as it grows. One request at a time; a page that is hidden does not ask. */
export function useLogTail({ project, release, source }: LogSource, follow: boolean) {
  const [tail, setTail] = useState<LogTail>(emptyTail);
  const [error, setError] = useState<unknown>(null);
  const [loaded, setLoaded] = useState(false);
  useEffect(() => {
    setTail(emptyTail);
    setError(null);
    setLoaded(false);
  }, [project, release, source]);
  useEffect(() => {
    let stopped = false;
    let timer: ReturnType<typeof setTimeout>;
    let after = 0;
    let held = emptyTail;
    const read = async () => {
      if (release !== null && document.visibilityState === 'visible') {
        try {
          const page = await ask(api.GET('/v1/projects/{id}/logs', { params: { path: { id: project }, query: { release, source, after } } }));
          if (stopped) return;
          held = appendPage(held, page);
          const more = held.next > after && (page.items?.length ?? 0) > 0;
          after = held.next;
          setTail(held);
          setError(null);
          setLoaded(true);
          if (more) return void read();
        } catch (problem) {
          if (stopped) return;
          setError(problem);
          setLoaded(true);
        }
      }
      if (follow && !stopped) timer = setTimeout(() => void read(), pollMs);
    };
    void read();
    return () => {
      stopped = true;
      clearTimeout(timer);
    };
  }, [project, release, source, follow]);
  return { tail, error, loaded };
}
