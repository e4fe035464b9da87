namespace ProdSprint.Deploy;

/// <summary>Launches a copy and waits until it is well: what a start and a restart have in common.</summary>
internal sealed class InstanceStarter(DeployPaths paths, ProcessLauncher launcher, HealthProbe probe, ShownLog shown, TimeProvider time)
{
    private static readonly TimeSpan FirstLook = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(250);

    /// <summary>A worker has no health check: it counts as started when it still lives after this.</summary>
    private static readonly TimeSpan WorkerSettles = TimeSpan.FromSeconds(1);

    /// <summary>Returns the record with its process; throws, with the process gone, when it does not become healthy.</summary>
    public async Task<InstanceRecord> StartAsync(InstanceRecord record, CancellationToken cancellation)
    {
        var r = record;
        try
        {
            r = await launcher.LaunchAsync(r, cancellation);
            await UntilHealthyAsync(r, cancellation);
            return r;
        }
        catch
        {
            await launcher.TerminateAsync(r, TimeSpan.Zero, CancellationToken.None);
            throw;
        }
    }

    public Task<string> LastLinesAsync(InstanceRecord r, int lines, CancellationToken cancellation) =>
        shown.ShowAsync(r.Key, LogReads.Tail(Path.Combine(paths.Instance(r.Key), "log"), lines), cancellation);

    public string HowItEnded(InstanceRecord r) => launcher.ExitCode(r) is { } code
        ? code > 128 ? $"it was ended by signal {code - 128}" : $"it ended with exit code {code}"
        : "it was killed";

    private async Task UntilHealthyAsync(InstanceRecord r, CancellationToken cancellation)
    {
        var plan = HealthProbe.PlanOf(r.Service);
        var began = time.GetTimestamp();
        var pause = FirstLook;
        var last = "it was not asked yet";
        while (true)
        {
            if (launcher.FindRunning(r) is not { } process)
                throw new DeployException($"{r.Service.Name} {r.Version} did not start: {HowItEnded(r)}.{await LinesAsync(r, cancellation)}\nMend the start command or the variables it lacks, then retry.");
            if (r.Port == 0)
            {
                if (time.GetElapsedTime(began) >= WorkerSettles) return;
            }
            else
            {
                var answer = await probe.AskAsync(r, time, cancellation);
                last = answer.Detail;
                if (answer.Healthy)
                {
                    // Somebody else's answer on the same port would be a version that we do not run.
                    if (ProcessTable.ListensOn(r.Port, ProcessTable.Tree(process.Session, r.Marker)) != false) return;
                    last += $", but not by this version: another process listens on port {r.Port}";
                }
            }
            if (time.GetElapsedTime(began) >= plan.StartDeadline)
                throw new DeployException($"{r.Service.Name} {r.Version} was not healthy within {ChildProcess.Text(plan.StartDeadline)}: {last}.{await LinesAsync(r, cancellation)}\nIt must listen on the port in the variable PORT ({r.Port}) and answer {plan.Path} with 200 to 399. Mend that, or the health check in prodsprint.yml, then retry.");
            await Task.Delay(pause, time, cancellation);
            if (pause < LongestPause) pause *= 1.5;
        }
    }

    private async Task<string> LinesAsync(InstanceRecord r, CancellationToken cancellation)
    {
        var lines = await LastLinesAsync(r, 20, cancellation);
        return lines.Length == 0 ? " It wrote no output." : $" Last lines of its output:\n{lines}";
    }
}
