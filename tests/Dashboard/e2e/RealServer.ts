import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../..', import.meta.url));
const program = ['embedded', 'orleans']
  .map((engine) => join(root, 'artifacts', engine, 'bin/ProdSprint.Cli/release/prodsprint.dll'))
  .find(existsSync);

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((ready) => probe.listen(0, '127.0.0.1', ready));
  const { port } = probe.address() as { port: number };
  await new Promise((done) => probe.close(done));
  return port;
}

/** ProdSprint itself, with a home of its own: PostgreSQL, silo, router, and the dashboard as it was built. */
export class RealServer {
  private readonly home = mkdtempSync(join(tmpdir(), 'ps-dashboard-'));
  private port = 0;

  get url() {
    return `http://127.0.0.1:${this.port}`;
  }

  async start() {
    this.port ||= await freePort();
    await this.cli('up', '--port', String(this.port));
  }

  /** As a crash would: no goodbye to browsers, nothing written down. */
  kill() {
    const { pid } = JSON.parse(readFileSync(join(this.home, 'server.json'), 'utf8')) as { pid: number };
    process.kill(pid, 'SIGKILL');
  }

  async repository(name: string) {
    const folder = join(this.home, name);
    await run('git', ['init', '-q', '-b', 'main', folder]);
    writeFileSync(join(folder, 'index.html'), '<h1>hello</h1>');
    await run('git', ['-C', folder, 'add', '-A']);
    await run('git', ['-C', folder, '-c', 'user.name=t', '-c', 'user.email=t@example.org', 'commit', '-qm', 'first']);
    return folder;
  }

  async cli(...words: string[]) {
    if (!program) throw new Error('The CLI is not built. Next: dotnet build cli -c Release, or ./prodsprint setup');
    const env = {
      ...process.env,
      PRODSPRINT_HOME: this.home,
      PRODSPRINT_ROOT: root,
      ASPNETCORE_ENVIRONMENT: 'Development',
      PRODSPRINT_URL: this.port ? this.url : '',
    };
    return (await run('dotnet', [program, ...words], { env, timeout: 120_000 })).stdout;
  }

  async end() {
    await this.cli('down', '--all').catch(() => '');
    rmSync(this.home, { recursive: true, force: true });
  }
}
