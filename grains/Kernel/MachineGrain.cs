using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ProdSprint.Jobs;

namespace ProdSprint.Kernel;

/// <summary>
/// The shell of every machine: load → Decide → Apply → one storage write of state, version and outbox together → flush the outbox.
/// The write is the transaction; whatever happens afterwards, the outbox is flushed again until the sink has taken all of it.
/// </summary>
public abstract partial class MachineGrain<TState, TCommand, TEvent>(IPersistentState<MachineState<TState>> store) : Grain, IRemindable
    where TState : class
    where TCommand : class
    where TEvent : class
{
    private const int SeenKept = 200;

    private readonly HashSet<string> _doneEffects = [];
    private readonly Queue<TCommand> _confirmations = [];
    private IMachineSink _sink = null!;
    private IGrainTimer? _timer;
    private int _flushFailures;
    private bool _factsDone = true;
    private bool _netSet;

    protected TimeProvider Clock { get; private set; } = TimeProvider.System;

    protected ILogger Logger { get; private set; } = null!;

    protected string Key => this.GetPrimaryKeyString();

    protected TState? State => store.State.State;

    protected long Version => store.State.Version;

    protected abstract Decision<TEvent> Decide(TState? state, TCommand command, DateTimeOffset now);

    protected abstract TState Apply(TState? state, TEvent happened);

    /// <summary>The next time something is due, or null: then nothing keeps the machine awake.</summary>
    protected abstract DateTimeOffset? WakeAt(TState state);

    /// <summary>What is fed to <see cref="Decide"/> when a deadline has come.</summary>
    protected abstract TCommand Tick { get; }

    protected abstract TCommand? OutcomeCommand(JobOutcome outcome);

    protected abstract object? ViewOf(TState state, long version, DateTimeOffset now);

    protected abstract TimelineFact Describe(TEvent happened, TState state);

    /// <summary>
    /// What follows from an effect being known to be done (the router follows these orders), or null. Asked again after a crash, so the command has
    /// to be one that may come twice.
    /// </summary>
    protected virtual TCommand? Confirmation(Effect done) => null;

    /// <summary>After a change is stored and flushed: for what is not state, e.g. telling the traffic grain which release it watches.</summary>
    protected virtual Task OnChanged(TState? before, TState after) => Task.CompletedTask;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _sink = ServiceProvider.GetRequiredService<IMachineSink>();
        Clock = ServiceProvider.GetService<TimeProvider>() ?? TimeProvider.System;
        Logger = ServiceProvider.GetRequiredService<ILoggerFactory>().CreateLogger(GetType().FullName!);
        if (store.State.Facts.Count > 0 || store.State.Outbox.Count > 0)
        {
            _factsDone = store.State.Facts.Count == 0;
            await FlushAsync();
        }
        Arm();
    }

    public async Task Told(string effectId, string commandJson)
    {
        var command = JsonSerializer.Deserialize<TCommand>(commandJson, KernelJson.Options)
            ?? throw new JsonException($"The command told to {Key} is empty: {commandJson}");
        var result = await RunAsync(command, effectId);
        if (!result.Accepted) LogRefused(Logger, Key, command.GetType().Name, result.Rejection!.Code, result.Rejection.Detail);
    }

    public async Task JobEnded(JobOutcome outcome)
    {
        if (OutcomeCommand(outcome) is { } command) await RunAsync(command, null);
    }

    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        _netSet = true;
        await OnTimer(CancellationToken.None);
        // Also when there is no machine: its first write may have been lost after the net was set.
        if ((State is null || WakeAt(State) is null) && Settled && await this.GetReminder(MachineNet.Name) is { } net)
        {
            await this.UnregisterReminder(net);
            _netSet = false;
        }
    }

    protected async Task<CommandResult> RunAsync(TCommand command, string? effectId = null)
    {
        if (effectId is not null && store.State.Seen.Contains(effectId)) return new(Key, Version);
        var id = CommandId.Take() is { } one ? $"{one}/{command.GetType().Name}" : null;
        if (id is not null && store.State.AnswerTo(id, Key) is { } answered) return answered;
        if (IfVersion.Refusal(Key, Version) is { } stale) return new(Key, Version, stale);
        var now = Clock.GetUtcNow();
        var before = State;
        var decision = Decide(before, command, now);
        if (decision.Rejection is { } rejection) return new(Key, Version, rejection);
        if (decision.Events.Count == 0 && decision.Effects.Count == 0) return new(Key, Version);

        var answer = new CommandResult(Key, Version + 1, Started: decision.Effects.OfType<Tell>().FirstOrDefault()?.GrainKey);
        var next = Next(decision, effectId ?? (id is null ? null : MachineState<TState>.Answer(id, answer)), now);
        await SetNet();
        store.State = next;
        try
        {
            await store.WriteStateAsync();
        }
        catch
        {
            // Written or not? Only the database knows: let the next activation read it.
            DeactivateOnIdle();
            throw;
        }
        _doneEffects.Clear();
        _factsDone = next.Facts.Count == 0;
        await FlushAsync();
        Arm();
        if (State is not null) await OnChanged(before, State);
        await ConfirmAsync();
        return answer with { Version = Version };
    }

    private MachineState<TState> Next(Decision<TEvent> decision, string? seenOnce, DateTimeOffset now)
    {
        var old = store.State;
        var version = old.Version + 1;
        var state = old.State;
        var facts = _factsDone ? [] : new List<TimelineEntry>(old.Facts);
        for (var i = 0; i < decision.Events.Count; i++)
        {
            var happened = decision.Events[i];
            state = Apply(state, happened);
            var fact = Describe(happened, state);
            facts.Add(new($"{Key}@{version}.{i}", Key, version, i, now, fact.Kind, fact.Actor, fact.Reason, fact.Text, fact.Diff,
                JsonSerializer.Serialize(happened, KernelJson.Options)));
        }
        var outbox = old.Outbox.Where(e => !_doneEffects.Contains(e.Id)).ToList();
        for (var i = 0; i < decision.Effects.Count; i++) outbox.Add(new($"{Key}@{version}.{i}", decision.Effects[i]));
        var seen = old.Seen.ToList();
        if (seenOnce is not null) seen.Add(seenOnce);
        if (seen.Count > SeenKept) seen.RemoveRange(0, seen.Count - SeenKept);
        return new() { State = state, Version = version, Outbox = outbox, Facts = facts, Seen = seen };
    }

    private bool Settled => _factsDone && store.State.Outbox.All(e => _doneEffects.Contains(e.Id));

    private async Task FlushAsync()
    {
        var machine = store.State;
        try
        {
            var effects = machine.Outbox.Where(e => !_doneEffects.Contains(e.Id)).Select(Transport).ToList();
            var view = machine.State is null ? null : ViewOf(machine.State, machine.Version, Clock.GetUtcNow());
            var left = await _sink.FlushAsync(
                new(Key, machine.Version, view is null ? null : JsonSerializer.Serialize(view, view.GetType(), KernelJson.Options),
                    _factsDone ? [] : machine.Facts, effects),
                CancellationToken.None);
            _factsDone = true;
            foreach (var e in effects)
                if (!left.Contains(e.Id) && _doneEffects.Add(e.Id) && Confirmation(e.Effect) is { } follows) _confirmations.Enqueue(follows);
            _flushFailures = left.Count == 0 ? 0 : _flushFailures + 1;
        }
        catch (Exception e)
        {
            _flushFailures++;
            LogFlushFailed(Logger, e, Key, machine.Version, _flushFailures);
        }
    }

    /// <summary>A command for another grain travels as a job: at least once, and never inside the sender's turn, so two grains cannot wait for each other.</summary>
    private static OutboxEntry Transport(OutboxEntry entry) => entry.Effect is Tell tell
        ? entry with
        {
            Effect = new EnqueueJob(
                TellJob.Kind, JsonSerializer.Serialize(new TellJob(tell.GrainKey, entry.Id, tell.CommandJson), KernelJson.Options), TimeSpan.FromMinutes(1), MaxAttempts: 50),
        }
        : entry;

    private async Task ConfirmAsync()
    {
        while (_confirmations.TryDequeue(out var follows)) await RunAsync(follows);
    }

    private void Arm()
    {
        _timer?.Dispose();
        _timer = null;
        DateTimeOffset? at = State is null ? null : WakeAt(State);
        var now = Clock.GetUtcNow();
        if (_confirmations.Count > 0) at = now;
        if (!Settled)
        {
            var retry = now + TimeSpan.FromMilliseconds(Math.Min(5_000, 100 * Math.Pow(2, Math.Min(_flushFailures, 6))));
            at = at is null || retry < at ? retry : at;
        }
        if (at is null) return;
        var due = at.Value <= now ? TimeSpan.FromMilliseconds(1) : at.Value - now;
        if (due > TimeSpan.FromDays(20)) due = TimeSpan.FromDays(20);
        _timer = this.RegisterGrainTimer(OnTimer, new GrainTimerCreationOptions(due, Timeout.InfiniteTimeSpan) { KeepAlive = true });
    }

    private async Task OnTimer(CancellationToken cancellation)
    {
        try
        {
            if (!Settled) await FlushAsync();
            await ConfirmAsync();
            if (State is not null && WakeAt(State) is { } at && at <= Clock.GetUtcNow()) await RunAsync(Tick);
        }
        catch (Exception e)
        {
            LogTickFailed(Logger, e, Key);
        }
        Arm();
    }

    private async Task SetNet()
    {
        if (_netSet) return;
        await this.RegisterOrUpdateReminder(MachineNet.Name, MachineNet.Period, MachineNet.Period);
        _netSet = true;
    }
}
