import { useEffect, useState } from 'react';
import { api, ask } from '../../api/client.ts';
import { appendPage, emptyTail, type LogTail } from './logLines.ts';

export interface LogSource {
  project: string;
  release: number | null;
  source: 'build' | 'staging' | 'production';
}

/** The server answers when there is more, or after this. */
const waitSeconds = 15;
/** Between two requests that brought nothing, and after a failure. */
const pauseMs = 500;

/** The end of a log, and on as it grows. One request at a time; a page that is hidden does not ask. */
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
    // Nothing: the last lines there are.
    let after: number | undefined;
    const waiting = new AbortController();
    let held = emptyTail;
    const read = async () => {
      if (release !== null && document.visibilityState === 'visible') {
        try {
          const page = await ask(
            api.GET('/v1/projects/{project}/logs', {
              params: { path: { project }, query: { release, source, after, waitSeconds: after === undefined ? 0 : waitSeconds } },
              signal: waiting.signal,
            }),
          );
          if (stopped) return;
          held = appendPage(held, page);
          const goOn = after === undefined || page.lines.length > 0;
          after = page.next;
          setTail(held);
          setError(null);
          setLoaded(true);
          if (follow && goOn) return void read();
        } catch (problem) {
          if (stopped) return;
          setError(problem);
          setLoaded(true);
        }
      }
      if (follow && !stopped) timer = setTimeout(() => void read(), pauseMs);
    };
    void read();
    return () => {
      stopped = true;
      waiting.abort();
      clearTimeout(timer);
    };
  }, [project, release, source, follow]);
  return { tail, error, loaded };
}
