using System.Collections.Immutable;
using System.Text.Json.Serialization;
using ProdSprint.Plans;

namespace ProdSprint.Deploy;

/// <summary>Kinds of the jobs that a deploy target carries out, with their argument and result (JSON, <c>JsonSerializerDefaults.Web</c>).</summary>
public static class DeployJobs
{
    /// <summary><see cref="BuildRequest"/> → <see cref="BuildResult"/></summary>
    public const string Build = "deploy.build";

    /// <summary><see cref="MigrateRequest"/> → <see cref="MigrateResult"/></summary>
    public const string Migrate = "deploy.migrate";

    /// <summary><see cref="StartRequest"/> → <see cref="StartResult"/></summary>
    public const string Start = "deploy.start";

    /// <summary><see cref="StopRequest"/> → <c>{}</c>. Drains first. Stopping what does not run succeeds.</summary>
    public const string Stop = "deploy.stop";

    /// <summary><see cref="SmokeRequest"/> → <see cref="SmokeResult"/></summary>
    public const string Smoke = "gates.smoke";
}

/// <summary>Checks the commit out, installs, builds, runs the tests when the gate asks for it, and keeps the result as an immutable artifact.</summary>
[GenerateSerializer, Immutable, Alias("deploy.BuildRequest")]
public sealed record BuildRequest(
    [property: Id(0)] string Workspace,
    [property: Id(1)] string Project,
    [property: Id(2)] string Commit,
    [property: Id(3)] ServicePlan Service,
    [property: Id(4)] bool RunTests)
{
    /// <summary>Built in the same tree, into the same artifact.</summary>
    [Id(5)] public ImmutableArray<ServicePlan> Companions { get; init; } = [];

    /// <summary>What people call the commit (a tag, else its short hash); for its provenance, and nothing in what is built.</summary>
    [Id(6)] public string? Ref { get; init; }

    /// <summary>By environment: variables that its plan counts as provided from outside, which have to be there before anything begins. Null: none.</summary>
    [Id(7), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public ImmutableSortedDictionary<string, ImmutableArray<string>>? Given { get; init; }
}

/// <param name="ArtifactDigest"><c>sha256:…</c> over the artifact's content.</param>
[GenerateSerializer, Immutable, Alias("deploy.BuildResult")]
public sealed record BuildResult(
    [property: Id(0)] string ArtifactDigest,
    [property: Id(1)] long SizeBytes,
    [property: Id(2)] double Seconds,
    [property: Id(3)] bool Reused,
    [property: Id(4)] int TestsPassed,
    [property: Id(5)] int TestsFailed)
{
    /// <summary><c>sha256:…</c> of what the tests reported; null when they wrote no report that could be read.</summary>
    [Id(6)] public string? TestReport { get; init; }
}

/// <summary>
/// Runs the migrations of a version against what its environment's variables point to, before it starts there. Done once for each
/// <paramref name="Environment"/> and <paramref name="Release"/>: asked again after it has ended well, it answers what it answered then.
/// </summary>
/// <param name="Services">Those that have a migration, in the order in which they are run.</param>
[GenerateSerializer, Immutable, Alias("deploy.MigrateRequest")]
public sealed record MigrateRequest(
    [property: Id(0)] string Workspace,
    [property: Id(1)] string Project,
    [property: Id(2)] string Environment,
    [property: Id(3)] int Release,
    [property: Id(4)] string Version,
    [property: Id(5)] string ArtifactDigest,
    [property: Id(6)] ImmutableArray<ServicePlan> Services)
{
    /// <summary>As in <see cref="StartRequest.AttestedCommit"/>: a migration changes what people have, before there is any traffic.</summary>
    [Id(7)] public string? AttestedCommit { get; init; }
}

/// <param name="Detail">The last line that each migration wrote.</param>
[GenerateSerializer, Immutable, Alias("deploy.MigrateResult")]
public sealed record MigrateResult(
    [property: Id(0)] int Migrations, [property: Id(1)] double Seconds, [property: Id(2)] string Detail);

/// <summary>Starts one version of one environment, or finds it running already: the identity is workspace/project/environment/release.</summary>
[GenerateSerializer, Immutable, Alias("deploy.StartRequest")]
public sealed record StartRequest(
    [property: Id(0)] string Workspace,
    [property: Id(1)] string Project,
    [property: Id(2)] string Environment,
    [property: Id(3)] int Release,
    [property: Id(4)] string Version,
    [property: Id(5)] string ArtifactDigest,
    [property: Id(6)] ServicePlan Service)
{
    /// <summary>Processes of their own from the same artifact; the version has started when all of them have.</summary>
    [Id(7)] public ImmutableArray<ServicePlan> Companions { get; init; } = [];

    /// <summary>Nothing is started unless a trusted key has signed that the artifact was built from this commit; null: not asked for.</summary>
    [Id(8)] public string? AttestedCommit { get; init; }
}

/// <param name="Address">Of the entry: <c>127.0.0.1:port</c>, healthy.</param>
[GenerateSerializer, Immutable, Alias("deploy.StartResult")]
public sealed record StartResult(
    [property: Id(0)] string Address, [property: Id(1)] int Pid, [property: Id(2)] double ReadySeconds)
{
    /// <summary>The attestation that was accepted, <c>sha256:…</c> of its envelope; null when none was asked for.</summary>
    [Id(3)] public string? Attestation { get; init; }
}

[GenerateSerializer, Immutable, Alias("deploy.StopRequest")]
public sealed record StopRequest(
    [property: Id(0)] string Workspace,
    [property: Id(1)] string Project,
    [property: Id(2)] string Environment,
    [property: Id(3)] int Release,
    [property: Id(4)] string Version,
    [property: Id(5)] TimeSpan DrainLimit);

/// <summary>Real requests against a started version before it gets traffic.</summary>
[GenerateSerializer, Immutable, Alias("deploy.SmokeRequest")]
public sealed record SmokeRequest(
    [property: Id(0)] string Address, [property: Id(1)] ImmutableArray<string> Paths, [property: Id(2)] int RequestsPerPath)
{
    /// <summary>What answers there, when it is to be found out which of its routes can be put under load; null: nobody wants to know.</summary>
    [Id(3), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public SmokeSubject? Subject { get; init; }
}

[GenerateSerializer, Immutable, Alias("deploy.SmokeSubject")]
public sealed record SmokeSubject([property: Id(0)] string Workspace, [property: Id(1)] string Project, [property: Id(2)] string Commit);

[GenerateSerializer, Immutable, Alias("deploy.SmokeResult")]
public sealed record SmokeResult(
    [property: Id(0)] bool Passed,
    [property: Id(1)] int Requests,
    [property: Id(2)] int Errors,
    [property: Id(3)] double P95Ms,
    [property: Id(4)] string Detail)
{
    /// <summary>The routes that can be put under load, <c>sha256:…</c> of their list; null: none, or nobody wanted to know.</summary>
    [Id(5), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? Routes { get; init; }
}
