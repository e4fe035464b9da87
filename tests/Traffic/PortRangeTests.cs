using System.Net;
using System.Net.Sockets;

namespace ProdSprint.Traffic.Tests;

/// <summary>Where only some ports are published, environments get theirs from among these.</summary>
public sealed class PortRangeTests : IAsyncLifetime
{
    private readonly string _state = Directory.CreateTempSubdirectory("ps-ports-").FullName;
    private readonly PortRange _range = TwoFree();

    private RouterLauncher Launcher => new(new() { StateDirectory = _state, Ports = _range, Loops = 1, Drain = TimeSpan.FromSeconds(1) }, ChildRouter.Command, TimeProvider.System);

    public async ValueTask InitializeAsync() => await Launcher.EnsureRunningAsync();

    public async ValueTask DisposeAsync()
    {
        await Launcher.StopAsync(TimeSpan.FromSeconds(30));
        Directory.Delete(_state, recursive: true);
    }

    [Fact]
    public async Task Apply_NoPortNamed_TakesThoseOfTheRangeAndThenRefuses()
    {
        await using var router = new LocalRouterClient(_state);
        var first = await router.ApplyAsync(Orders("one"));
        var second = await router.ApplyAsync(Orders("two"));
        new[] { first.Port, second.Port }.ShouldBe([_range.First, _range.Last], ignoreOrder: true);
        var third = await router.ApplyAsync(Orders("three"));
        third.Outcome.ShouldBe(RouteOutcome.Refused);
        third.Detail!.ShouldContain($"No port of {_range}");
        (await router.ApplyAsync(Orders("one") with { Revision = 2 })).Port.ShouldBe(first.Port);
    }

    [Theory]
    [InlineData("8000-8099", 8000, 8099)]
    [InlineData("1-65535", 1, 65535)]
    public void Parse_Range_IsRead(string text, int first, int last) => PortRange.Parse(text).ShouldBe(new PortRange(first, last));

    [Theory]
    [InlineData("8000")]
    [InlineData("8099-8000")]
    [InlineData("0-10")]
    [InlineData("60000-70000")]
    [InlineData("a-b")]
    public void Parse_AnythingElse_IsNone(string text) => PortRange.Parse(text).ShouldBeNull();

    private static EnvironmentRoutes Orders(string project) => new("default", project, "production", 1, null, [], [new("v1", "127.0.0.1:9", EnvironmentRoutes.FullWeight, true)], RoutingOptions.Default);

    private static PortRange TwoFree()
    {
        while (true)
        {
            // Below those that outgoing connections are given, so that nobody takes them in passing.
            var port = Random.Shared.Next(20_000, 32_000);
            using var one = new TcpListener(IPAddress.Loopback, port);
            using var next = new TcpListener(IPAddress.Loopback, port + 1);
            try
            {
                one.Start();
                next.Start();
                return new(port, port + 1);
            }
            catch (SocketException)
            {
                // One of them is taken: look elsewhere.
            }
        }
    }
}
