namespace ProdSprint.Kernel;

/// <summary>Who did something: a person (<c>user:ana</c>), the system itself (<c>system:judge</c>) or a service token.</summary>
[GenerateSerializer, Immutable, Alias("kernel.Actor")]
public sealed record Actor([property: Id(0)] string Id)
{
    public static Actor User(string name) => new($"user:{name}");

    /// <summary>ProdSprint acting by a rule of its own, e.g. <c>system:judge</c>, <c>system:timer</c>, <c>system:supervisor</c>.</summary>
    public static Actor System(string part) => new($"system:{part}");

    public bool IsUser => Id.StartsWith("user:", StringComparison.Ordinal);

    public override string ToString() => Id;
}
