using ProdSprint.Projects;

namespace ProdSprint.Plans.Blueprints.Scaffolds;

/// <summary>With the runner that comes with Node, so that nothing has to be installed for it.</summary>
internal static class NodeScaffold
{
    public static IEnumerable<(string Path, string Text)> Write(TestScaffolds.Subject s)
    {
        const string Name = "test/prodsprint.generated.test.mjs";
        var path = TreePaths.Join(s.Path, Name);
        yield return (path, (TestScaffolds.Head(s, "//", $"node --test {Name}") + $$"""
            import assert from 'node:assert/strict';
            import { spawn } from 'node:child_process';
            import { createServer } from 'node:net';
            import { after, before, describe, it } from 'node:test';
            import { setTimeout as pause } from 'node:timers/promises';
            import { fileURLToPath } from 'node:url';

            const directory = fileURLToPath(new URL({{TestScaffolds.Text(TestScaffolds.Relative(path, s.Directory))}}, import.meta.url));
            const start = {{TestScaffolds.Text(s.Start)}};
            const health = {{TestScaffolds.Text(s.Health)}};
            const missing = [{{TestScaffolds.List(s.Given)}}].filter((name) => !process.env[name]);
            const invented = Object.fromEntries([{{TestScaffolds.List(s.Invented)}}].map((name) => [name, process.env[name] ?? 'generated']));

            const freePort = () =>
              new Promise((resolve) => {
                const server = createServer().listen(0, '127.0.0.1', () => {
                  const { port } = server.address();
                  server.close(() => resolve(port));
                });
              });

            describe({{TestScaffolds.Text($"prodsprint.generated {s.Name}")}}, { skip: missing.length > 0 && `set ${missing.join(', ')}` }, () => {
              let service;
              let base;
              let said = '';
              const stop = () => service && service.exitCode === null && service.signalCode === null && process.kill(-service.pid, 'SIGKILL');

              before(async () => {
                // Another program may take a port between the look and the start: then another one.
                for (let attempt = 0; attempt < 3; attempt++) {
                  const port = String(await freePort());
                  base = `http://127.0.0.1:${port}`;
                  service = spawn('sh', ['-c', start], { cwd: directory, detached: true, env: { ...process.env, ...invented, PORT: port, {{TestScaffolds.Text(s.Port)}}: port } });
                  for (const stream of [service.stdout, service.stderr]) stream.on('data', (text) => (said = (said + text).slice(-4000)));
                  for (const until = Date.now() + 60_000; Date.now() < until && service.exitCode === null; await pause(100))
                    if (await fetch(base + health, { redirect: 'manual' }).catch(() => null)) return;
                  stop();
                }
                throw new Error(`It did not come up with "${start}":\n${said}`);
              });
              after(stop);

              it(`answers GET ${health}`, async () => {
                const { status } = await fetch(base + health, { redirect: 'manual' });
                assert.ok(status >= 200 && status < 400, `${status}: ${said}`);
              });

              it('does not fail at a path that is not there', async () => {
                const { status } = await fetch(`${base}/prodsprint-generated-nothing-here`, { redirect: 'manual' });
                assert.ok(status < 500, `${status}: ${said}`);
              });
            });

            """).ReplaceLineEndings("\n"));
    }
}
