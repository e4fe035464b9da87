namespace ProdSprint.Deploy;

/// <summary>
/// Notes that an artifact is good (its release was promoted), so that it is among the last N that are never collected, and collects what is not
/// needed any more. The job's kind is <see cref="Kind"/>; its result <c>{}</c>.
/// </summary>
/// <param name="Pinned">How many good artifacts the project keeps: <c>PolicyProfile.PinnedArtifacts</c>.</param>
[GenerateSerializer, Immutable, Alias("deploy.KeepArtifact")]
public sealed record KeepArtifact(
    [property: Id(0)] string Workspace, [property: Id(1)] string Project, [property: Id(2)] string ArtifactDigest, [property: Id(3)] int Pinned)
{
    public const string Kind = "deploy.keep";
}
