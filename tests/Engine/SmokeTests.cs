using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Hosting;

namespace ProdSprint.Engine;

[Alias("engine.ICounter")]
public interface ICounter : IGrainWithStringKey
{
    [Alias("Add")]
    Task<int> Add(int n);

    [Alias("Fail")]
    Task Fail(string text);

    [Alias("Slow")]
    ValueTask<string> Slow(CancellationToken token);
}

[GrainType("counter")]
public sealed class CounterGrain([PersistentState("counter", "Default")] IPersistentState<CounterState> state) : Grain, ICounter
{
    public async Task<int> Add(int n)
    {
        state.State.Value += n;
        await state.WriteStateAsync();
        return state.State.Value;
    }

    public async Task Fail(string text)
    {
        await Task.Yield();
        throw new InvalidOperationException(text);
    }

    public async ValueTask<string> Slow(CancellationToken token)
    {
        await Task.Delay(Timeout.Infinite, token);
        return "";
    }
}

public sealed class CounterState
{
    public int Value { get; set; }
}

public sealed class SmokeTests
{
    [Fact]
    public async Task Calls_Work()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.UseOrleans(silo => silo.UseLocalhostClustering().AddMemoryGrainStorageAsDefault().UseInMemoryReminderService());
        using var host = builder.Build();
        await host.StartAsync();
        var grains = host.Services.GetRequiredService<IGrainFactory>();
        var counter = grains.GetGrain<ICounter>("counter/1");
        (await counter.Add(2)).ShouldBe(2);
        (await counter.Add(3)).ShouldBe(5);
        (await Should.ThrowAsync<InvalidOperationException>(() => counter.Fail("boom"))).Message.ShouldBe("boom");
        using var cancel = new CancellationTokenSource();
        var slow = counter.Slow(cancel.Token).AsTask();
        cancel.Cancel();
        await Should.ThrowAsync<OperationCanceledException>(() => slow);
        await host.StopAsync();
    }
}
