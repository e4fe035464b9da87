using ProdSprint.Kernel;

namespace ProdSprint.Releases;

/// <summary>
/// One decision being made: facts are applied as they are found, so that what follows decides on the state that will be stored. Lives no longer than
/// the call of <see cref="ReleaseMachine.Decide"/>.
/// </summary>
internal sealed class ReleaseTurn(Release? state, string key, ReleaseCommand command, DateTimeOffset now)
{
    private readonly List<ReleaseEvent> _events = [];
    private readonly List<Effect> _effects = [];
    private Release? _state = state;

    public Release State => _state ?? throw new InvalidOperationException("The release has not begun.");

    public DateTimeOffset Now => now;

    /// <summary>The version that the state will have when this decision is stored.</summary>
    public long Version { get; } = (state?.Version ?? 0) + 1;

    /// <summary>Fences this release's orders against those of older releases and of older decisions.</summary>
    public long Revision => GrainKeys.Number(key) * 1_000_000L + Version;

    public bool Changed => _events.Count > 0;

    /// <param name="by">When it is a rule that acts and not who sent the command.</param>
    public void Happened(ReleaseEvent fact, string? by = null)
    {
        var stamped = fact with { By = by ?? command.By.Id, Reason = by is null ? command.Reason : null, At = now, StateVersion = Version };
        _events.Add(stamped);
        _state = ReleaseMachine.Apply(_state, stamped);
    }

    /// <summary>Returns the id that the job will have: the shell makes it of the same parts.</summary>
    public string Enqueue(EnqueueJob job)
    {
        _effects.Add(job);
        return $"{key}@{Version}.{_effects.Count - 1}";
    }

    public void Effect(Effect effect) => _effects.Add(effect);

    public Decision<ReleaseEvent> Done() => _events.Count == 0 ? Decision<ReleaseEvent>.Nothing : Decision<ReleaseEvent>.Of(_events, _effects);
}
