import { HttpTransportType, HubConnectionBuilder, HubConnectionState, LogLevel, type HubConnection } from '@microsoft/signalr';
import type { TimelineEntry } from '../api/types.ts';
import type { LiveEvent, OperationsEvent, TrafficEvent, ViewEvent } from './events.ts';

export interface LiveStatus {
  state: 'connecting' | 'live' | 'lost';
  /** When this state began, Unix ms. */
  since: number;
  /** The last time anything was heard from the server, Unix ms; what is on screen is at least that fresh. */
  heardAt: number | null;
  /** Failed attempts since the connection was lost. */
  attempts: number;
  /** When the next attempt starts, Unix ms. */
  nextAt: number | null;
}

/** Something beyond the workspace's views that is on screen: a project's timeline, an environment's traffic, the inside. */
export interface Interest {
  enter: [method: string, ...args: unknown[]] | (() => [method: string, ...args: unknown[]]);
  leave: [method: string, ...args: unknown[]];
  /** The subscription stands: what came before it can be read now without a gap. */
  stands?: () => void;
}

interface Handlers {
  workspace(): string;
  onEvent(event: LiveEvent): void;
  /** After each (re)connect: what was missed beyond the timeline is read again. */
  onConnected(first: boolean): void;
  /** It could not be made, perhaps because an access token has run out. */
  onRefused(): void;
}

const delays = [250, 500, 1_000, 2_000, 3_000, 5_000];

/** Quick at first, because a restart takes seconds; never slower than 5 s; spread out, so that a hundred browsers do not come back at once. */
export function reconnectDelay(attempt: number, random: number): number {
  const base = delays[Math.min(attempt, delays.length - 1)]!;
  return base * (0.75 + random * 0.5);
}

/** The page's one connection. It never gives up, subscribes to what is on screen alone, and resumes from where each of that was. */
export class LiveConnection {
  private hub: HubConnection | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private listeners = new Set<() => void>();
  private interests = new Map<string, { interest: Interest; count: number }>();
  /** Of each view: it may come twice, to the workspace and to the project. */
  private viewSeq = new Map<string, number>();
  private connectedBefore = false;
  private stopped = true;
  status: LiveStatus = { state: 'connecting', since: Date.now(), heardAt: null, attempts: 0, nextAt: null };

  constructor(
    private readonly url: () => string,
    private readonly handlers: Handlers,
  ) {}

  start() {
    if (!this.stopped) return;
    this.stopped = false;
    void this.connect();
  }

  stop() {
    this.stopped = true;
    clearTimeout(this.timer);
    void this.hub?.stop();
    this.hub = null;
  }

  /** As somebody else, or somewhere else: what the server may tell is decided when the connection is made. */
  restart() {
    if (this.stopped) return;
    this.stop();
    this.start();
  }

  onStatus = (tell: () => void) => {
    this.listeners.add(tell);
    return () => void this.listeners.delete(tell);
  };

  getStatus = () => this.status;

  retryNow = () => {
    if (this.status.state !== 'lost' || this.stopped) return;
    clearTimeout(this.timer);
    void this.connect();
  };

  private set(change: Partial<LiveStatus>) {
    const since = change.state && change.state !== this.status.state ? Date.now() : this.status.since;
    this.status = { ...this.status, ...change, since };
    this.listeners.forEach((tell) => tell());
  }

  private async connect() {
    if (this.stopped) return;
    const hub = new HubConnectionBuilder()
      .withUrl(this.url(), { transport: HttpTransportType.WebSockets | HttpTransportType.ServerSentEvents | HttpTransportType.LongPolling })
      .configureLogging(LogLevel.None)
      .build();
    this.listen(hub);
    hub.onclose(() => {
      if (this.hub === hub) this.lost();
    });
    this.hub = hub;
    try {
      await hub.start();
      await hub.invoke('Subscribe', this.handlers.workspace(), null, null);
      await Promise.all([...this.interests.values()].map(({ interest }) => enter(hub, interest)));
    } catch {
      this.handlers.onRefused();
      // Still connected: the server answers, and shows nothing here to somebody who is no member, or has not shown the second factor that is asked for.
      if (this.hub === hub) this.lost(hub.state === HubConnectionState.Connected ? 'connecting' : 'lost');
      void hub.stop().catch(() => undefined);
      return;
    }
    if (this.hub !== hub || this.stopped) return;
    const first = !this.connectedBefore;
    this.connectedBefore = true;
    this.set({ state: 'live', attempts: 0, nextAt: null, heardAt: Date.now() });
    this.handlers.onConnected(first);
  }

  private lost(state: 'connecting' | 'lost' = 'lost') {
    if (this.stopped) return;
    this.hub = null;
    const attempts = this.status.state === 'live' ? 0 : this.status.attempts + 1;
    const wait = reconnectDelay(attempts, Math.random());
    this.set({ state, attempts, nextAt: Date.now() + wait });
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.connect(), wait);
  }

  /** Subscribes for as long as somebody on the page wants it; the answer gives it up. */
  look(key: string, interest: Interest): () => void {
    const known = this.interests.get(key);
    if (known) known.count++;
    else {
      this.interests.set(key, { interest, count: 1 });
      if (this.hub && this.status.state === 'live') enter(this.hub, interest).catch(() => undefined);
    }
    return () => {
      const one = this.interests.get(key);
      if (!one || --one.count > 0) return;
      this.interests.delete(key);
      if (this.hub && this.status.state === 'live') this.hub.invoke(...one.interest.leave).catch(() => undefined);
    };
  }

  private listen(hub: HubConnection) {
    const take = (event: LiveEvent) => {
      if (this.hub !== hub) return;
      this.status = { ...this.status, heardAt: Date.now() };
      this.handlers.onEvent(event);
    };
    hub.on('View', (message: Omit<ViewEvent, 'type'>) => {
      if (message.seq && message.seq <= (this.viewSeq.get(message.key) ?? 0)) return;
      if (message.seq) this.viewSeq.set(message.key, message.seq);
      take({ ...message, type: 'view' });
    });
    hub.on('Timeline', (entry: TimelineEntry) => take({ type: 'timeline', entry }));
    hub.on('Traffic', (message: Omit<TrafficEvent, 'type'>) => take({ ...message, type: 'traffic' }));
    hub.on('Operations', (message: Omit<OperationsEvent, 'type'>) => take({ ...message, type: 'operations' }));
  }
}

async function enter(hub: HubConnection, { enter, stands }: Interest) {
  await hub.invoke(...(typeof enter === 'function' ? enter() : enter));
  stands?.();
}
