using System.Diagnostics;
using System.Globalization;
using System.Text;
using Npgsql;

namespace ProdSprint.Bench;

/// <summary>npm's graphile-worker on the same PostgreSQL, with its local queue and batched completions: the fastest way it has.</summary>
internal sealed class GraphilePeer(string directory, string connection)
{
    /// <summary>The newest that runs on Node 20.</summary>
    private const string Version = "0.17.3";

    private const string Program =
        """
        import { run, runMigrations } from 'graphile-worker';
        import pg from 'pg';
        const jobs = Number(process.argv[2]);
        const pool = new pg.Pool({ max: 12 });
        const { Logger } = await import('graphile-worker');
        const logger = new Logger(() => (level, message) => { if (level === 'error') console.error(message); });
        await runMigrations({ pgPool: pool, logger });
        await pool.query(`insert into graphile_worker._private_tasks (identifier) values ('noop') on conflict do nothing`);
        await pool.query(`insert into graphile_worker._private_jobs (task_id, payload) select t.id, '{}' from graphile_worker._private_tasks t, generate_series(1, $1) where t.identifier = 'noop'`, [jobs]);
        await pool.query('vacuum analyze graphile_worker._private_jobs');
        let done = 0, all; const finished = new Promise((resolve) => { all = resolve; });
        const started = process.hrtime.bigint();
        const runner = await run({
          pgPool: pool, noHandleSignals: true, logger,
          preset: { worker: { concurrentJobs: 24, pollInterval: 2000, completeJobBatchDelay: 0, failJobBatchDelay: 0, localQueue: { size: 500 } } },
          taskList: { noop: () => { if (++done === jobs) all(); } },
        });
        await finished;
        while ((await pool.query('select 1 from graphile_worker._private_jobs limit 1')).rowCount > 0);
        console.log(Number(process.hrtime.bigint() - started) / 1e9);
        await runner.stop();
        await pool.end();
        """;

    public async Task InstallAsync(CancellationToken cancellation)
    {
        Directory.CreateDirectory(directory);
        await File.WriteAllTextAsync(Path.Combine(directory, "package.json"), """{"private":true,"type":"module"}""", cancellation);
        await File.WriteAllTextAsync(Path.Combine(directory, "peer.mjs"), Program, cancellation);
        await RunAsync("npm", ["install", "--no-audit", "--no-fund", "--loglevel=error", $"graphile-worker@{Version}", "pg@8"], cancellation);
    }

    /// <summary>Seconds to empty a queue of no-op jobs.</summary>
    public async Task<double> DrainAsync(int jobs, CancellationToken cancellation)
    {
        var output = await RunAsync("node", ["peer.mjs", jobs.ToString(CultureInfo.InvariantCulture)], cancellation);
        return double.Parse(output.Trim().Split('\n')[^1], CultureInfo.InvariantCulture);
    }

    private async Task<string> RunAsync(string program, string[] arguments, CancellationToken cancellation)
    {
        var to = new NpgsqlConnectionStringBuilder(connection);
        var start = new ProcessStartInfo(program) { WorkingDirectory = directory, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        (start.Environment["PGHOST"], start.Environment["PGPORT"], start.Environment["PGUSER"], start.Environment["PGPASSWORD"], start.Environment["PGDATABASE"]) =
            (to.Host, to.Port.ToString(CultureInfo.InvariantCulture), to.Username, to.Password, to.Database);
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start. Next: install Node 20 or newer.");
        var errors = new StringBuilder();
        process.ErrorDataReceived += (_, line) => errors.AppendLine(line.Data);
        process.BeginErrorReadLine();
        var output = await process.StandardOutput.ReadToEndAsync(cancellation);
        await process.WaitForExitAsync(cancellation);
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{program} {arguments[0]} ended with {process.ExitCode}: {errors}");
    }
}
