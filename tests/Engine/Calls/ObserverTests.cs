namespace ProdSprint.Engine;

[Alias("engine.IListener")]
public interface IListener : IGrainObserver
{
    [Alias("Hear")]
    void Hear(string what);

    [Alias("Ask")]
    Task<string> Ask(string what);
}

[Alias("engine.IBroadcaster")]
public interface IBroadcaster : IGrainWithStringKey
{
    [Alias("Join")]
    Task Join(IListener listener);

    [Alias("Say")]
    Task<string> Say(string what);
}

[GrainType("engine-broadcaster")]
public sealed class BroadcasterGrain : Grain, IBroadcaster
{
    private readonly List<IListener> _listeners = [];

    public Task Join(IListener listener)
    {
        _listeners.Add(listener);
        return Task.CompletedTask;
    }

    public async Task<string> Say(string what)
    {
        _listeners.ForEach(l => l.Hear(what));
        return await _listeners[0].Ask(what);
    }
}

public sealed class ObserverTests(Cluster cluster) : IClassFixture<Cluster>
{
    [Fact]
    public async Task Observer_HearsTheGrain_AndAnswers()
    {
        var listener = new Listener();
        var reference = cluster.Client.CreateObjectReference<IListener>(listener);
        var grain = cluster.Grain<IBroadcaster>($"broadcaster/{Guid.NewGuid():N}");
        await grain.Join(reference);
        (await grain.Say("hello")).ShouldBe("heard hello");
        listener.Heard.ShouldBe(["hello"]);
        cluster.Client.DeleteObjectReference<IListener>(reference);
        GC.KeepAlive(listener);
    }

    [Fact]
    public void Observer_ReferenceOfAReference_IsRefused()
    {
        var reference = cluster.Client.CreateObjectReference<IListener>(new Listener());
        Should.Throw<ArgumentException>(() => cluster.Client.CreateObjectReference<IListener>(reference));
    }

    private sealed class Listener : IListener
    {
        public List<string> Heard { get; } = [];

        public void Hear(string what) => Heard.Add(what);

        public Task<string> Ask(string what) => Task.FromResult($"heard {what}");
    }
}
