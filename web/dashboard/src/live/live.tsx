import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import { createContext, useContext, useEffect, useState, useSyncExternalStore, type ReactNode } from 'react';
import type { ProjectView } from '../api/types.ts';
import { LiveCache } from './apply.ts';
import { LiveConnection, type LiveStatus } from './connection.ts';

const Live = createContext<LiveConnection | null>(null);

function connect(client: QueryClient): LiveConnection {
  const cache = new LiveCache(client);
  return new LiveConnection('/hubs/live', {
    workspace: () => client.getQueryData<ProjectView[]>(['projects'])?.[0]?.workspace ?? 'default',
    onEvent: (event) => cache.apply(event),
    onConnected: () => void client.invalidateQueries(),
  });
}

export function LiveProvider({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const [live] = useState(() => connect(client));
  useEffect(() => {
    live.start();
    const wake = () => live.retryNow();
    const wakeIfSeen = () => document.visibilityState === 'visible' && live.retryNow();
    addEventListener('online', wake);
    document.addEventListener('visibilitychange', wakeIfSeen);
    return () => {
      removeEventListener('online', wake);
      document.removeEventListener('visibilitychange', wakeIfSeen);
      live.stop();
    };
  }, [live]);
  return <Live value={live}>{children}</Live>;
}

function useConnection(): LiveConnection {
  const live = useContext(Live);
  if (!live) throw new Error('LiveProvider is missing above this component.');
  return live;
}

export function useLiveStatus(): LiveStatus & { retryNow: () => void } {
  const live = useConnection();
  const status = useSyncExternalStore(live.onStatus, live.getStatus);
  return { ...status, retryNow: live.retryNow };
}
