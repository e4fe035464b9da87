using System.Collections.Concurrent;
using Orleans.Hosting;

namespace ProdSprint.Engine;

[Alias("engine.IFiltered")]
public interface IFiltered : IGrainWithStringKey
{
    [Alias("Echo")]
    Task<string> Echo(string text);

    [Alias("Fail")]
    Task<string> Fail();

    [Alias("Relay")]
    Task<string> Relay(string text);
}

[GrainType("engine-filtered")]
public sealed class FilteredGrain : Grain, IFiltered, IIncomingGrainCallFilter
{
    public Task<string> Echo(string text) => Task.FromResult(text);

    public Task<string> Fail() => throw new OrderRejectedException("refused");

    public Task<string> Relay(string text) => GrainFactory.GetGrain<IFiltered>(this.GetPrimaryKeyString() + "/next").Echo(text);

    public async Task Invoke(IIncomingGrainCallContext context)
    {
        await context.Invoke();
        if (context.Result is string text)
        {
            context.Result = text + "+own";
        }
    }
}

public sealed class FilterTests
{
    private static readonly ConcurrentQueue<string> Seen = new();

    [Fact]
    public async Task Filters_SeeCalls_ChangeResults_AndCannotSwallow()
    {
        await using var cluster = Cluster.Build(silo => silo
            .AddIncomingGrainCallFilter(async context =>
            {
                if (context.Grain is not FilteredGrain)
                {
                    await context.Invoke();
                    return;
                }

                Seen.Enqueue($"in {context.MethodName} {context.InterfaceMethod.Name} {context.ImplementationMethod.DeclaringType!.Name} {context.Request.GetArgumentCount()}");
                try
                {
                    await context.Invoke();
                }
                catch (OrderRejectedException) when (context.TargetId.Key.ToString().EndsWith("/rescued", StringComparison.Ordinal))
                {
                    context.Result = "rescued";
                }
                catch (OrderRejectedException)
                {
                    // Caught and nothing set: the failure stands.
                }
            })
            .AddOutgoingGrainCallFilter(async context =>
            {
                if (context.InterfaceMethod.DeclaringType == typeof(IFiltered))
                {
                    RequestContext.Set("from", "outgoing");
                    Seen.Enqueue($"out {context.MethodName} {context.SourceId?.Type}");
                }

                await context.Invoke();
            }));
        await cluster.DeployAsync();
        (await cluster.Client.GetGrain<IFiltered>("filtered/1").Relay("a")).ShouldBe("a+own+own");
        Seen.ShouldContain("in Relay Relay FilteredGrain 1");
        Seen.ShouldContain("in Echo Echo FilteredGrain 1");
        Seen.ShouldContain("out Echo engine-filtered");
        (await cluster.Client.GetGrain<IFiltered>("filtered/rescued").Fail()).ShouldBe("rescued");
        await Should.ThrowAsync<Exception>(() => cluster.Client.GetGrain<IFiltered>("filtered/2").Fail());
    }
}
