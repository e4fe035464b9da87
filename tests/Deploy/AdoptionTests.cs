using System.Diagnostics;
using ProdSprint.Deploy;
using static ProdSprint.Tests.Deploy.Bench;

namespace ProdSprint.Tests.Deploy;

public sealed class AdoptionTests
{
    [Theory, InlineData(true), InlineData(false)]
    public async Task Restart_RunningCopy_IsAdoptedAndStillWatched(bool sandbox)
    {
        await using var b = await new Bench(sandbox).StartedAsync();
        var started = await b.UpAsync(Service(), ("server.js", Apps.Server));
        var pid = await GetAsync(started.Address, "/pid");

        await b.RestartAsync();

        (await b.EventAsync(InstanceEventKind.Adopted)).Text.ShouldContain($"{started.Pid}");
        (await GetAsync(started.Address, "/pid")).ShouldBe(pid);
        await Should.ThrowAsync<HttpRequestException>(() => GetAsync(started.Address, "/die"));
        await b.EventAsync(InstanceEventKind.Recovered);
        (await GetAsync(started.Address)).ShouldBe("hello v1");
        await b.StopAsync();
        b.Target.List().ShouldBeEmpty();
    }

    [Fact]
    public async Task Restart_CopyDiedMeanwhile_IsStartedAgain()
    {
        await using var b = await new Bench().StartedAsync();
        var started = await b.UpAsync(Service(), ("server.js", Apps.Server));
        var record = b.Target.List().Single();
        await b.RestartAsync(() => ProcessTable.KillTreeAsync(record.Pid, record.Marker).GetAwaiter().GetResult());
        await b.EventAsync(InstanceEventKind.Recovered);
        (await GetAsync(started.Address)).ShouldBe("hello v1");
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task KilledServer_ItsCopyGoesOnServingAndIsAdopted(bool sandbox)
    {
        await using var b = new Bench(sandbox);
        var built = await b.BuildAsync(b.Commit(("server.js", Apps.Server)), Service());
        string address;
        using (var host = await HostAsync(b, sandbox, built.ArtifactDigest))
        {
            address = host.Started.Split(' ')[1];
            host.Process.Kill(); // SIGKILL, and only the server itself
            await host.Process.WaitForExitAsync();
        }
        var pid = await GetAsync(address, "/pid");
        (await GetAsync(address)).ShouldBe("hello v1");

        await b.StartedAsync();

        await b.EventAsync(InstanceEventKind.Adopted);
        var again = await b.StartAsync(built.ArtifactDigest, Service());
        again.Address.ShouldBe(address);
        (await GetAsync(address, "/pid")).ShouldBe(pid);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task KilledBetweenStartAndNote_TheOrphanIsFoundByItsMarker(bool sandbox)
    {
        await using var b = new Bench(sandbox);
        var started = await b.UpAsync(Service(), ("server.js", Apps.Server));
        var pid = await GetAsync(started.Address, "/pid");
        var registry = (InstanceRegistry)b.Services.GetService(typeof(InstanceRegistry))!;
        // As it stood on disk in that moment: reserved, no process known.
        var record = b.Target.List().Single() with { Phase = InstancePhase.Starting, Pid = 0, StartTicks = 0, BootId = "" };
        await b.RestartAsync(() => registry.Write(record));

        var again = await b.StartAsync(record.ArtifactDigest, Service()); // the job comes again

        again.Pid.ShouldBe(started.Pid);
        (await GetAsync(again.Address, "/pid")).ShouldBe(pid);
        b.Target.List().Single().Phase.ShouldBe(InstancePhase.Running);
    }

    [Fact]
    public async Task KilledBetweenReserveAndStart_TheJobStartsItOnce()
    {
        await using var b = await new Bench().StartedAsync();
        var built = await b.BuildAsync(b.Commit(("server.js", Apps.Server)), Service());
        var registry = (InstanceRegistry)b.Services.GetService(typeof(InstanceRegistry))!;
        var reserved = registry.Reserve(new("reserved-" + Guid.NewGuid().ToString("n"), Key(), "v1", b.Store.All().Single().Key, built.ArtifactDigest, 0, Service(), DateTimeOffset.UtcNow));
        await b.RestartAsync();

        var started = await b.StartAsync(built.ArtifactDigest, Service());

        started.Address.ShouldBe(reserved.Address);
        b.Processes(reserved).Count(p => p.Name == "node").ShouldBe(1);
    }

    [Fact]
    public async Task KilledWhileStopping_IsStoppedAtTheNextStart()
    {
        await using var b = await new Bench().StartedAsync();
        await b.UpAsync(Service(), ("server.js", Apps.Server));
        var record = b.Target.List().Single();
        var registry = (InstanceRegistry)b.Services.GetService(typeof(InstanceRegistry))!;

        await b.RestartAsync(() => registry.Write(record with { Phase = InstancePhase.Stopping }));

        b.Target.List().ShouldBeEmpty();
        b.Processes(record).ShouldBeEmpty();
    }

    [Fact]
    public async Task RecycledPid_IsNeitherAdoptedNorKilled()
    {
        await using var b = await new Bench().StartedAsync();
        var started = await b.UpAsync(Service(), ("server.js", Apps.Server));
        var record = b.Target.List().Single();
        var registry = (InstanceRegistry)b.Services.GetService(typeof(InstanceRegistry))!;
        using var stranger = Process.Start("sleep", "4747")!;
        try
        {
            await b.RestartAsync(() =>
            {
                ProcessTable.KillTreeAsync(record.Pid, record.Marker).GetAwaiter().GetResult();
                registry.Write(record with { Pid = stranger.Id }); // the kernel gave the pid to somebody else: its start time differs
            });
            await b.EventAsync(InstanceEventKind.Recovered);
            await b.StopAsync();
            stranger.HasExited.ShouldBeFalse();
        }
        finally
        {
            stranger.Kill();
        }
    }

    [Fact]
    public async Task SecondServerOverTheSameRoot_IsRefused()
    {
        await using var b = await new Bench().StartedAsync();
        await using var second = new Bench(directory: b.Home);
        (await Should.ThrowAsync<DeployException>(() => second.StartedAsync())).Message.ShouldContain("Another server");
    }

    private sealed record HostProcess(Process Process, string Started) : IDisposable
    {
        public void Dispose()
        {
            if (!Process.HasExited) Process.Kill();
            Process.Dispose();
        }
    }

    private static async Task<HostProcess> HostAsync(Bench b, bool sandbox, string digest)
    {
        var process = Process.Start(new ProcessStartInfo(Program.Path, ["host", b.Home, sandbox.ToString(), digest]) { RedirectStandardOutput = true })!;
        var started = "";
        while (await process.StandardOutput.ReadLineAsync() is { } line && line != "ready") started = line;
        started.ShouldStartWith("started ");
        return new(process, started);
    }
}
