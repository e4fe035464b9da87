namespace ProdSprint.Kernel;

/// <summary>
/// Why a command was refused. <paramref name="Code"/> is stable and kebab-case (<c>release.not-running</c>) and becomes the problem type of the API;
/// <paramref name="Next"/> says what the person can do now.
/// </summary>
[GenerateSerializer, Immutable, Alias("kernel.Rejection")]
public sealed record Rejection(
    [property: Id(0)] string Code,
    [property: Id(1)] string Title,
    [property: Id(2)] string Detail,
    [property: Id(3)] string Next,
    [property: Id(4)] RejectionKind Kind = RejectionKind.Conflict);

/// <summary>Decides the HTTP status (422, 404, 409, 403, 409 + exit 3) and the CLI's exit code.</summary>
[GenerateSerializer, Alias("kernel.RejectionKind")]
public enum RejectionKind
{
    Conflict = 0,
    NotFound = 1,
    Invalid = 2,
    Forbidden = 3,
    Gate = 4,

    /// <summary>The caller had seen another state (<see cref="IfVersion"/>): 412.</summary>
    Stale = 5,
}
