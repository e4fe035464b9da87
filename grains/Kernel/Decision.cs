namespace ProdSprint.Kernel;

/// <summary>What a command leads to: facts and effects, or a typed rejection. Never both.</summary>
public sealed record Decision<TEvent>(IReadOnlyList<TEvent> Events, IReadOnlyList<Effect> Effects, Rejection? Rejection)
{
    /// <summary>Accepted, and nothing to do: a repeated delivery, or a tick before its time.</summary>
    public static Decision<TEvent> Nothing { get; } = new([], [], null);

    public static Decision<TEvent> Refuse(Rejection rejection) => new([], [], rejection);

    public static Decision<TEvent> Of(TEvent happened, params Effect[] effects) => new([happened], effects, null);

    public static Decision<TEvent> Of(IReadOnlyList<TEvent> happened, IReadOnlyList<Effect> effects) => new(happened, effects, null);
}
