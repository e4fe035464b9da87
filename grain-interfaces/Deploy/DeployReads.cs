using System.Text.Json.Serialization;

namespace ProdSprint.Deploy;

/// <summary>A build that is kept, as people see it.</summary>
/// <param name="Digest"><c>sha256:…</c> of its content.</param>
/// <param name="Pinned">Good once (its release was promoted), so among those kept for a way back.</param>
/// <param name="Running">A copy runs from it now.</param>
[GenerateSerializer, Immutable, Alias("deploy.ArtifactView")]
public sealed record ArtifactView(
    [property: Id(0)] string Digest,
    [property: Id(1)] string Commit,
    [property: Id(2)] string Service,
    [property: Id(3)] long SizeBytes,
    [property: Id(4)] int Files,
    [property: Id(5)] double BuildSeconds,
    [property: Id(6)] DateTimeOffset CreatedAt,
    [property: Id(7)] bool Pinned,
    [property: Id(8)] bool Running);

/// <summary>Which running copy: for each release in each environment one process of its entry, and one of each service beside it.</summary>
/// <param name="Service">Null for the entry.</param>
[GenerateSerializer, Immutable, Alias("deploy.InstanceKey")]
public sealed record InstanceKey(
    [property: Id(0)] string Workspace,
    [property: Id(1)] string Project,
    [property: Id(2)] string Environment,
    [property: Id(3)] int Release,
    [property: Id(4)] string? Service = null)
{
    /// <summary>Of the version's entry, which stands for the whole version.</summary>
    [JsonIgnore] public InstanceKey Entry => this with { Service = null };

    public override string ToString() => $"{Workspace}/{Project}/{Environment}/{Release}{(Service is null ? "" : $"/{Service}")}";
}

/// <param name="Offset">Bytes from the first one ever written; null: the last <paramref name="TailLines"/> lines.</param>
/// <param name="WaitFor">With an offset at the end: how long to wait for more before an empty page is returned.</param>
[GenerateSerializer, Immutable, Alias("deploy.LogQuery")]
public sealed record LogQuery(
    [property: Id(0)] long? Offset = null,
    [property: Id(1)] int TailLines = 200,
    [property: Id(2)] int MaxBytes = 256 << 10,
    [property: Id(3)] TimeSpan WaitFor = default);

/// <param name="Text">Whole lines, except when a single one is longer than the page.</param>
/// <param name="Next">The offset to go on from.</param>
/// <param name="Skipped">Bytes between the offset asked for and the first byte here: they were thrown away when the log reached its limit.</param>
[GenerateSerializer, Immutable, Alias("deploy.LogPage")]
public sealed record LogPage([property: Id(0)] string Text, [property: Id(1)] long From, [property: Id(2)] long Next, [property: Id(3)] long Skipped);
