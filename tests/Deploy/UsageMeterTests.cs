using Microsoft.Extensions.DependencyInjection;
using ProdSprint.Deploy;
using static ProdSprint.Tests.Deploy.Bench;

namespace ProdSprint.Tests.Deploy;

public sealed class UsageMeterTests
{
    /// <summary>Answers when it has used about so many milliseconds of a processor, itself or in a child that is gone by then; and holds memory when asked to.</summary>
    private const string Burner =
        """
        const http = require('http'), { execFileSync } = require('child_process');
        const burn = ms => { const until = process.cpuUsage().user + ms * 1000; while (process.cpuUsage().user < until); };
        const kept = [];
        if (process.argv[2]) { burn(+process.argv[2]); process.exit(0); }
        http.createServer((q, a) => {
          if (q.url === '/burn') burn(300);
          if (q.url === '/child') execFileSync(process.execPath, ['server.js', '300']);
          if (q.url === '/hold') kept.push(Buffer.alloc(64 << 20, 1));
          a.end('done');
        }).listen(process.env.PORT, '127.0.0.1');
        """;

    [Fact]
    public async Task Look_ACopyThatWorks_IsSeenWithItsChildren_FromTheSecondLookOn()
    {
        await using var b = new Bench();
        var started = await b.UpAsync(Service(failures: 100), ("server.js", Burner));
        var clock = new Clock();
        var meter = new UsageMeter(b.Services.GetRequiredService<InstanceRegistry>(), clock);
        meter.Look().ShouldBeEmpty("there is nothing to compare with yet");

        await GetAsync(started.Address, "/burn");
        clock.Seconds += 1;
        var worked = meter.Look().ShouldHaveSingleItem();
        worked.Cores.ShouldBeGreaterThan(0.25, "0.3 s of one processor in what the clock says was a second");
        (worked.Workspace, worked.Project, worked.Environment).ShouldBe((Key().Workspace, Key().Project, Key().Environment));
        worked.Limits.ShouldBe(Service(failures: 100).Limits);

        await GetAsync(started.Address, "/child");
        clock.Seconds += 1;
        meter.Look().Single().Cores.ShouldBeGreaterThan(0.25, "a child that is gone counts");

        await GetAsync(started.Address, "/hold");
        clock.Seconds += 1;
        meter.Look().Single().MemoryMiB.ShouldBeGreaterThan(worked.MemoryMiB + 50);
    }

    [Fact]
    public async Task Look_AnotherProcessOfTheSameCopy_BeginsAnew()
    {
        await using var b = new Bench();
        var started = await b.UpAsync(Service(failures: 100), ("server.js", Burner));
        var clock = new Clock();
        var (registry, meter) = (b.Services.GetRequiredService<InstanceRegistry>(), new UsageMeter(b.Services.GetRequiredService<InstanceRegistry>(), clock));
        await GetAsync(started.Address, "/burn");
        meter.Look();
        clock.Seconds += 1;
        meter.Look().ShouldHaveSingleItem();
        // Somebody else's process has the pid: what it used is not this copy's.
        var record = registry.All().Single();
        registry.Write(record with { StartTicks = record.StartTicks + 1 });
        clock.Seconds += 1;
        meter.Look().ShouldBeEmpty();
        registry.Write(record);
        clock.Seconds += 1;
        meter.Look().ShouldBeEmpty("it was out of sight");
        clock.Seconds += 1;
        meter.Look().ShouldHaveSingleItem();

        await b.StopAsync();
        meter.Look().ShouldBeEmpty();
    }

    private sealed class Clock : TimeProvider
    {
        public double Seconds { get; set; }

        public override long TimestampFrequency => 1_000;

        public override long GetTimestamp() => (long)(Seconds * 1_000);
    }
}
