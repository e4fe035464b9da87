import { queryOptions } from '@tanstack/react-query';
import { api, ask } from '../../api/client.ts';

export const sessionsQuery = queryOptions({ queryKey: ['sessions'], queryFn: async () => (await ask(api.GET('/v1/sessions', {}))).items });

/** The one we are in; fails where there is none, as in development mode. */
export const sessionQuery = queryOptions({ queryKey: ['session'], queryFn: () => ask(api.GET('/v1/session', {})), retry: false });

export const endSession = (id: string, key: string) =>
  ask(api.DELETE('/v1/sessions/{id}', { params: { path: { id }, header: { 'Idempotency-Key': key } } }));

export const endOtherSessions = (key: string) => ask(api.DELETE('/v1/sessions', { params: { header: { 'Idempotency-Key': key } } }));

export const signOut = () => ask(api.DELETE('/v1/session', {}));

/** The browser and the system in a user agent, as a person would name them; else what it calls itself. */
export function device(agent: string | null | undefined): string {
  if (!agent) return 'Unknown program';
  const cli = /^prodsprint\S*/i.exec(agent);
  if (cli) return 'Command line';
  const browser = /Edg\//.test(agent)
    ? 'Edge'
    : /Firefox\//.test(agent)
      ? 'Firefox'
      : /Chrome\/|Chromium\//.test(agent)
        ? 'Chrome'
        : /Safari\//.test(agent)
          ? 'Safari'
          : null;
  const system = /Android/.test(agent)
    ? 'Android'
    : /iPhone|iPad/.test(agent)
      ? 'iOS'
      : /Windows/.test(agent)
        ? 'Windows'
        : /Mac OS X/.test(agent)
          ? 'macOS'
          : /Linux/.test(agent)
            ? 'Linux'
            : null;
  return browser ? (system ? `${browser} on ${system}` : browser) : agent.split(' ')[0]!;
}
