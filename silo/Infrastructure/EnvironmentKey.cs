namespace ProdSprint.Infrastructure;

/// <summary>One environment of one project.</summary>
public sealed record EnvironmentKey(string Workspace, string Project, string Environment)
{
    public override string ToString() => $"{Workspace}/{Project}/{Environment}";
}

/// <summary>What cannot go on as it is. One sentence, and what a person can do now.</summary>
public sealed class InfrastructureException(string message, string next) : Exception(message)
{
    public string Next { get; } = next;
}
