namespace ProdSprint.Engine;

public enum Stage
{
    New,
    Paid,
}

/// <summary>The state whose rows genuine Orleans wrote; see tests/cases/orleans-storage-rows.json.</summary>
public sealed class GoldenOrder
{
    public string? Name { get; set; }

    public int Count { get; set; }

    public Stage Stage { get; set; }

    public DateTimeOffset? At { get; set; }

    public Dictionary<string, int> Parts { get; set; } = [];
}

public sealed class GoldenOld
{
    public int Value { get; set; }

    public List<string> Log { get; set; } = [];
}

public interface IGolden
{
    [Alias("Write")]
    Task Write();

    [Alias("Clear")]
    Task WriteAndClear();
}

[Alias("engine.IGoldenString")]
public interface IGoldenString : IGrainWithStringKey, IGolden;

[Alias("engine.IGoldenGuid")]
public interface IGoldenGuid : IGrainWithGuidKey, IGolden;

[Alias("engine.IGoldenInteger")]
public interface IGoldenInteger : IGrainWithIntegerKey, IGolden;

[Alias("engine.IGoldenGuidCompound")]
public interface IGoldenGuidCompound : IGrainWithGuidCompoundKey, IGolden;

[Alias("engine.IGoldenIntegerCompound")]
public interface IGoldenIntegerCompound : IGrainWithIntegerCompoundKey, IGolden;

[GrainType("engine-golden")]
public sealed class GoldenGrain(
    [PersistentState("order", "pg")] IPersistentState<GoldenOrder> order, [PersistentState("second", "pg")] IPersistentState<GoldenOrder> second)
    : Grain, IGoldenString, IGoldenGuid, IGoldenInteger, IGoldenGuidCompound, IGoldenIntegerCompound
{
    public async Task Write()
    {
        order.State = new GoldenOrder
        {
            Name = "n",
            Count = 3,
            Stage = Stage.Paid,
            At = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
            Parts = { ["a"] = 1 },
        };
        await order.WriteStateAsync();
        second.State = new GoldenOrder { Name = "s" };
        await second.WriteStateAsync();
    }

    public async Task WriteAndClear()
    {
        await order.WriteStateAsync();
        await order.ClearStateAsync();
    }
}

[Alias("engine.IGoldenOld")]
public interface IGoldenOld : IGrainWithStringKey
{
    [Alias("Write")]
    Task Write();
}

[GrainType("engine-golden-old")]
[Orleans.Providers.StorageProvider(ProviderName = "pg")]
public sealed class GoldenOldGrain : Grain<GoldenOld>, IGoldenOld
{
    public Task Write()
    {
        State.Value = 9;
        return WriteStateAsync();
    }
}

[Alias("engine.IGoldenReminder")]
public interface IGoldenReminder : IGrainWithStringKey
{
    [Alias("Register")]
    Task Register(TimeSpan due, TimeSpan period);

    [Alias("Names")]
    Task<List<string>> Names();

    [Alias("Remove")]
    Task<bool> Remove();
}

[GrainType("reminder")]
public sealed class GoldenReminderGrain : Grain, IGoldenReminder, IRemindable
{
    public Task Register(TimeSpan due, TimeSpan period) => this.RegisterOrUpdateReminder("nightly", due, period);

    public async Task<List<string>> Names() => [.. (await this.GetReminders()).Select(r => r.ReminderName)];

    public async Task<bool> Remove()
    {
        if (await this.GetReminder("nightly") is not { } reminder)
        {
            return false;
        }

        await this.UnregisterReminder(reminder);
        return true;
    }

    public Task ReceiveReminder(string reminderName, TickStatus status)
    {
        Gates.Of($"{this.GetPrimaryKeyString()}/{reminderName}").Arrived.Release();
        return Task.CompletedTask;
    }
}
