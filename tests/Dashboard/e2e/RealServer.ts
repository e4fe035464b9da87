import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../..', import.meta.url));
const program = ['embedded', 'orleans']
  .map((engine) => join(root, 'artifacts', engine, 'bin/ProdSprint.Cli/release/prodsprint.dll'))
  .find(existsSync);

/** ProdSprint itself, with a home of its own: PostgreSQL, silo, router, and the dashboard as it was built. */
export class RealServer {
  private readonly home = mkdtempSync(join(tmpdir(), 'ps-dashboard-'));
  private port = 0;

  constructor(private readonly settings: Record<string, string> = {}) {}

  get url() {
    return `http://127.0.0.1:${this.port}`;
  }

  async start() {
    // The first time on whatever port is free, and afterwards on that one.
    await this.cli('up', '--port', String(this.port));
    this.port = Number(new URL(this.file().url).port);
  }

  private file = () => JSON.parse(readFileSync(join(this.home, 'server.json'), 'utf8')) as { pid: number; url: string };

  /** As a crash would: no goodbye to browsers, nothing written down. */
  kill() {
    process.kill(this.file().pid, 'SIGKILL');
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
      ...this.settings,
    };
    return (await run('dotnet', [program, ...words], { env, timeout: 120_000 })).stdout;
  }

  async end() {
    await this.cli('down', '--all').catch(() => '');
    rmSync(this.home, { recursive: true, force: true });
  }
}
