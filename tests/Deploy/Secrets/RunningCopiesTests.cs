using Microsoft.Extensions.DependencyInjection;
using ProdSprint.Deploy;
using ProdSprint.Plans;
using ProdSprint.Projects;
using ProdSprint.Secrets;
using static ProdSprint.Tests.Deploy.Bench;

namespace ProdSprint.Tests.Deploy.Secrets;

/// <summary>Which running copies stand in the way of a secret's end.</summary>
public sealed class RunningCopiesTests
{
    /// <summary>A removal looks after nothing that starts gets the secret any more: what has read it by then must be seen, however little of it is there.</summary>
    [Fact]
    public async Task Copy_WhileItReadsItMayHoldAnything_AndThenWhatItWasGiven_AlsoWhenItIsStartedAgain()
    {
        var source = new Source("MAIL_PASSWORD", "DATABASE_URL");
        await using var b = new Bench(variables: source);
        var copies = new RunningCopies(b.Services.GetRequiredService<InstanceRegistry>());
        source.WhileReading = () => copies.Holders(Of("MAPS_KEY"));
        var started = await b.UpAsync(Service(), ("server.js", Apps.Server));
        source.Said.ShouldBe(["release 1 of production is running or being started, and may have been given it"]);
        copies.Holders(Of("MAIL_PASSWORD")).ShouldBe("release 1 of production is running, and was given it");
        copies.Holders(Of("MAPS_KEY")).ShouldBeNull();
        copies.Holders(Of("MAIL_PASSWORD") with { Environment = "staging" }).ShouldBeNull();
        (copies.Find(Of("MAIL_PASSWORD")), copies.Find(Of("MAPS_KEY"))).ShouldBe(("release 1 was started with it, and gets the current one with the next release", null));

        source.Names = ["MAPS_KEY"];
        await Should.ThrowAsync<HttpRequestException>(() => GetAsync(started.Address, "/die"));
        await b.EventAsync(InstanceEventKind.Recovered);
        source.Said.Count.ShouldBe(2);
        source.Said.ShouldAllBe(s => s!.Contains("may have been given it"));
        copies.Holders(Of("MAPS_KEY")).ShouldBe("release 1 of production is running, and was given it");
        copies.Holders(Of("MAIL_PASSWORD")).ShouldBeNull("it has ended since");
        await b.StopAsync();
        copies.Holders(Of("MAPS_KEY")).ShouldBeNull();
    }

    [Fact]
    public async Task Copy_OfAServerThatDidNotWriteDownWhatItGave_MayHoldAnything()
    {
        await using var b = new Bench();
        var registry = b.Services.GetRequiredService<InstanceRegistry>();
        registry.Reserve(new("a", Key(4), "v4", "key", "digest", 0, Service(), DateTimeOffset.UtcNow));
        new RunningCopies(registry).Holders(Of("MAPS_KEY")).ShouldBe("release 4 of production is running or being started, and may have been given it");
    }

    private static SecretRequest Of(string name) =>
        new("ws", "shop", "production", name, SecretKind.ApiKey, new(1, SecretVersionState.Current, "a", 0, null, "user:ana", DateTimeOffset.UnixEpoch, null, null), null, DateTimeOffset.UtcNow, false);

    private sealed class Source(params string[] names) : IVariableSource
    {
        public string[] Names { get; set; } = names;

        public Func<string?> WhileReading { get; set; } = () => null;

        public List<string?> Said { get; } = [];

        public Task<IReadOnlyDictionary<string, string>> GetAsync(InstanceKey key, ServicePlan service, CancellationToken cancellation)
        {
            Said.Add(WhileReading());
            return Task.FromResult<IReadOnlyDictionary<string, string>>(Names.ToDictionary(n => n, _ => "x"));
        }
    }
}
