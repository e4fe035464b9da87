import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { answer } from './api.ts';
import { Hub } from './hub.ts';
import { World } from './world.ts';

const root = fileURLToPath(new URL('../../../web/wwwroot', import.meta.url));
const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

/** The strictest policy that the dashboard has to live with. Mantine writes its variables into style elements, hence 'unsafe-inline' for styles alone. */
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** Stands in for the server while a test needs a world it can move: same origin, real HTTP, real WebSockets. */
export class StandIn {
  private server: Server | null = null;
  private ticking: ReturnType<typeof setInterval> | undefined;
  private port = 0;

  private constructor(
    readonly world: World,
    readonly hub: Hub,
  ) {}

  static async start(world = new World()): Promise<StandIn> {
    const one = new StandIn(world, new Hub(world));
    await one.listen();
    return one;
  }

  get url() {
    return `http://127.0.0.1:${this.port}`;
  }

  async listen() {
    const server = createServer((request, response) => {
      const url = new URL(request.url ?? '/', this.url);
      if (url.pathname.startsWith('/v1/')) return void answer(this.world, request, response, url);
      if (url.pathname === '/hubs/live/negotiate') {
        response.writeHead(200, { 'Content-Type': 'application/json' });
        return response.end(
          JSON.stringify({
            negotiateVersion: 1,
            connectionId: 'c',
            connectionToken: 't',
            availableTransports: [{ transport: 'WebSockets', transferFormats: ['Text'] }],
          }),
        );
      }
      let file = join(root, normalize(url.pathname));
      if (!file.startsWith(root) || !existsSync(file) || statSync(file).isDirectory()) file = join(root, 'index.html');
      response.writeHead(200, { 'Content-Type': types[extname(file)] ?? 'application/octet-stream', 'Content-Security-Policy': policy });
      createReadStream(file).pipe(response);
    });
    server.on('upgrade', (request, socket, head) => this.hub.upgrade(request, socket, head));
    await new Promise<void>((ready) => server.listen(this.port, '127.0.0.1', ready));
    this.port = (server.address() as AddressInfo).port;
    this.server = server;
  }

  /** Time passes, second by second, until stopped. */
  run() {
    this.ticking = setInterval(() => this.world.tick(), 1000);
  }

  /** As kill -9 would: every connection gone, the port closed. */
  async down() {
    clearInterval(this.ticking);
    const server = this.server;
    this.server = null;
    this.hub.dropAll();
    server?.closeAllConnections();
    await new Promise<void>((done) => (server ? server.close(() => done()) : done()));
  }
}
