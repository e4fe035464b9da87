import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import type { World } from './world.ts';

const end = '\u001e';

interface Client {
  socket: WebSocket;
  projects: Set<string | null>;
  watched: Set<string>;
}

/** As much of the hub protocol (JSON over WebSocket) as a dashboard uses. */
export class Hub {
  readonly clients = new Set<Client>();
  readonly subscriptions: { workspace: string; project: string | null; cursor: number | null }[] = [];
  /** What each connection was asked for with. */
  readonly addresses: string[] = [];
  private server = new WebSocketServer({ noServer: true });

  constructor(private readonly world: World) {
    world.push = (target, message, project) => {
      const wants = (c: Client) =>
        target === 'View' ? c.projects.has(null) : target === 'Traffic' ? c.watched.has(`${project}/production`) : c.projects.has(project);
      for (const c of this.clients) if (wants(c)) this.send(c, { type: 1, target, arguments: [message] });
    };
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer) {
    this.addresses.push(request.url ?? '');
    this.server.handleUpgrade(request, socket, head, (ws) => {
      const client: Client = { socket: ws, projects: new Set(), watched: new Set() };
      ws.on('message', (data) =>
        String(data)
          .split(end)
          .filter(Boolean)
          .forEach((text) => this.take(client, JSON.parse(text))),
      );
      ws.on('close', () => this.clients.delete(client));
    });
  }

  private take(
    client: Client,
    message: { protocol?: string; type?: number; invocationId?: string; target?: string; arguments?: unknown[] },
  ) {
    if (message.protocol) {
      this.clients.add(client);
      client.socket.send(`{}${end}`);
      return;
    }
    if (message.type !== 1) return;
    if (message.target === 'Subscribe') {
      const [workspace, project, cursor] = message.arguments as [string, string | null, number | null];
      this.subscriptions.push({ workspace, project, cursor });
      client.projects.add(project);
      if (cursor !== null)
        for (const entry of this.world.timeline)
          if (entry.seq > cursor && entry.project === project) this.send(client, { type: 1, target: 'Timeline', arguments: [entry] });
    }
    if (message.target === 'Unsubscribe') client.projects.delete(message.arguments![1] as string);
    if (message.target === 'Watch') client.watched.add(message.arguments!.join('/'));
    if (message.target === 'Unwatch') client.watched.delete(message.arguments!.join('/'));
    if (message.invocationId) this.send(client, { type: 3, invocationId: message.invocationId, result: null });
  }

  private send(client: Client, message: unknown) {
    if (client.socket.readyState === client.socket.OPEN) client.socket.send(JSON.stringify(message) + end);
  }

  dropAll() {
    for (const c of this.clients) c.socket.terminate();
    this.clients.clear();
  }
}
