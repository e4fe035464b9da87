/** An answer that is a problem. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly title: string,
    message: string,
    readonly next?: string,
    readonly code = 'stand-in',
  ) {
    super(message);
  }
}

export const none = (what: string) => new Refused(404, 'Not found', `There is no ${what}.`, 'prodsprint status');

export const stale = (path: string) =>
  new Refused(
    412,
    'Changed since you looked',
    `${path} has changed.`,
    'Read it again, and send its ETag as If-Match',
    'precondition.stale',
  );

export function fail(error: Refused): never {
  throw error;
}
