import type { DecisionView } from '../../api/types.ts';

/** The one who asked cannot decide. */
export const isOwn = (d: DecisionView, user: string) => d.requestedBy === user || d.requestedBy === `user:${user}`;
