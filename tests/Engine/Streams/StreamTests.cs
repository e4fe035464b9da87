using Microsoft.Extensions.DependencyInjection;
using Orleans.Streams;

namespace ProdSprint.Engine;

public sealed class StreamTests(Cluster cluster) : IClassFixture<Cluster>
{
    private readonly string _key = $"stream/{Guid.NewGuid():N}";

    private IAsyncStream<StreamEvent> Stream(string ns) =>
        cluster.Host.GetSiloServiceProvider().GetRequiredKeyedService<IStreamProvider>("mem").GetStream<StreamEvent>(StreamId.Create(ns, _key));

    private async Task Arrive(int count, string? gate = null)
    {
        for (var i = 0; i < count; i++)
        {
            await Gates.Of(gate ?? _key).WaitForArrival();
        }
    }

    [Fact]
    public async Task Implicit_Subscriber_ReceivesInOrder()
    {
        var stream = Stream("engine-implicit");
        for (var i = 0; i < 20; i++)
        {
            await stream.OnNextAsync(new StreamEvent(i, 0));
        }

        await Arrive(20);
        Received.By(_key).ShouldBe(Enumerable.Range(0, 20));
    }

    [Fact]
    public async Task Implicit_ConsumerFails_IsRedelivered_OrderStays()
    {
        var stream = Stream("engine-implicit");
        await stream.OnNextAsync(new StreamEvent(1, 0));
        await stream.OnNextAsync(new StreamEvent(2, 1));
        await stream.OnNextAsync(new StreamEvent(3, 0));
        await Arrive(3);
        Received.By(_key).ShouldBe([1, 2, 3]);
    }

    [Fact]
    public async Task Implicit_ConsumerKeepsFailing_IsTold_AndTheStreamGoesOn()
    {
        var stream = Stream("engine-implicit");
        await stream.OnNextAsync(new StreamEvent(1, int.MaxValue));
        await stream.OnNextAsync(new StreamEvent(2, 0));
        await Arrive(1, _key + "/error");
        await Arrive(1);
        Received.By(_key).ShouldBe([2]);
        Received.ErrorsOf(_key).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Explicit_Subscription_OutlivesTheActivation_UntilUnsubscribed()
    {
        var grain = cluster.Grain<IExplicit>(_key);
        await grain.Subscribe();
        await grain.Publish(1);
        await Arrive(1);
        await cluster.Host.DeactivateAsync(grain);
        await Stream("engine-explicit").OnNextAsync(new StreamEvent(2, 0));
        await Arrive(1);
        Received.By(_key).ShouldBe([1, 2]);

        await grain.Unsubscribe();
        await Stream("engine-explicit").OnNextAsync(new StreamEvent(3, 0));
        await grain.Subscribe();
        await Stream("engine-explicit").OnNextAsync(new StreamEvent(4, 0));
        // What was published while nobody listened may or may not reach one who joins right after: streams are pulled.
        await Arrive(1);
        if (!Received.By(_key).Contains(4)) await Arrive(1);
        Received.By(_key).Where(n => n != 3).ShouldBe([1, 2, 4]);
    }

    [Fact]
    public async Task Explicit_TwoSubscriptions_BothReceiveInOrder()
    {
        var stream = Stream("engine-outside");
        var handles = new List<StreamSubscriptionHandle<StreamEvent>>();
        foreach (var name in new[] { "/a", "/b" })
        {
            handles.Add(await stream.SubscribeAsync((item, _) =>
            {
                Received.Add(_key + name, item.Number);
                return Task.CompletedTask;
            }));
        }

        for (var i = 0; i < 5; i++)
        {
            await stream.OnNextAsync(new StreamEvent(i, 0));
        }

        await Arrive(5, _key + "/a");
        await Arrive(5, _key + "/b");
        Received.By(_key + "/a").ShouldBe(Enumerable.Range(0, 5));
        Received.By(_key + "/b").ShouldBe(Enumerable.Range(0, 5));
        foreach (var handle in handles)
        {
            await handle.UnsubscribeAsync();
        }

        (await stream.GetAllSubscriptionHandles()).ShouldBeEmpty();
    }
}
