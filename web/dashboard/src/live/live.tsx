import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import { createContext, useContext, useEffect, useState, useSyncExternalStore, type ReactNode } from 'react';
import { readAgain, timelineReadTo } from '../api/queries.ts';
import { hasSession } from '../api/session.ts';
import { currentUser, onUserChanged } from '../features/Identity/user.ts';
import { currentWorkspace } from '../features/Tenants/workspace.ts';
import { LiveCache } from './apply.ts';
import { LiveConnection, type Interest, type LiveStatus } from './connection.ts';

const Live = createContext<LiveConnection | null>(null);

function connect(client: QueryClient): LiveConnection {
  const cache = new LiveCache(client);
  // A browser sets no headers on a WebSocket.
  const address = () => `/hubs/live?${new URLSearchParams({ user: currentUser(), workspace: currentWorkspace() })}`;
  return new LiveConnection(address, {
    workspace: currentWorkspace,
    onEvent: (event) => cache.apply(event),
    onConnected: () => void readAgain(client),
    // Asking anything renews an access token that has run out, or leads to the sign-in.
    onRefused: () => hasSession() && void client.invalidateQueries({ queryKey: ['me'] }),
  });
}

export function LiveProvider({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const [live] = useState(() => connect(client));
  useEffect(() => {
    live.start();
    const wake = () => live.retryNow();
    const wakeIfSeen = () => document.visibilityState === 'visible' && live.retryNow();
    const forgetUser = onUserChanged(() => live.restart());
    addEventListener('online', wake);
    document.addEventListener('visibilitychange', wakeIfSeen);
    return () => {
      removeEventListener('online', wake);
      document.removeEventListener('visibilitychange', wakeIfSeen);
      forgetUser();
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

function useInterest(key: string, interest: Interest) {
  const live = useConnection();
  // The key says all of it: what it is made of does not change while it stays the same.
  useEffect(() => live.look(key, interest), [live, key]);
}

/** A project's timeline, from where it was read to; read on as soon as the subscription stands, so that nothing falls between the two. */
export function useLiveProject(project: string) {
  const client = useQueryClient();
  useInterest(`project ${project}`, {
    enter: () => ['Subscribe', null, project, timelineReadTo(project)],
    leave: ['Unsubscribe', null, project],
    stands: () => void client.invalidateQueries({ queryKey: ['timeline', project] }),
  });
}

/** An environment's traffic and the judge's looks at it, second by second. */
export const useLiveTraffic = (project: string, environment = 'production') =>
  useInterest(`traffic ${project} ${environment}`, { enter: ['Watch', project, environment], leave: ['Unwatch', project, environment] });

export const useLiveOperations = () => useInterest('operations', { enter: ['WatchOperations'], leave: ['UnwatchOperations'] });

export function useLiveStatus(): LiveStatus & { retryNow: () => void } {
  const live = useConnection();
  const status = useSyncExternalStore(live.onStatus, live.getStatus);
  return { ...status, retryNow: live.retryNow };
}
