using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using ProdSprint.Plans;
using ProdSprint.Projects;

namespace ProdSprint.Supply;

/// <param name="Path">In the commit.</param>
/// <param name="Sha256">Hex, of its bytes.</param>
public sealed record LockFileDigest(string Path, string Sha256);

/// <summary>What the builder knows of a build.</summary>
/// <param name="ArtifactDigest"><c>sha256:…</c>: the SHA-256 of the artifact's listing (a line for each entry, with its own SHA-256), so of all it holds.</param>
/// <param name="Source">Where the repository came from, without credentials; null when it is not known.</param>
/// <param name="Ref">What people called the commit: a tag, else its short hash.</param>
/// <param name="Invocation">The input of the build by digest: the same input is the same build.</param>
public sealed record BuildFacts(
    string Workspace, string Project, string ArtifactDigest, string? Source, string? Ref, string Commit, ImmutableArray<ServicePlan> Services, ImmutableArray<LockFileDigest> LockFiles,
    string Invocation, int TestsPassed, int TestsFailed, DateTimeOffset StartedAt, DateTimeOffset FinishedAt);

/// <param name="Build">The attestation that was accepted before the version started, <c>sha256:…</c> of its envelope.</param>
public sealed record DeploymentFacts(
    string Workspace, string Project, string ArtifactDigest, string Commit, string Environment, int Release, string Version, string Build, DateTimeOffset StartedAt);

/// <summary>Statements of in-toto v1: provenance by SLSA v1.0 (slsa.dev/spec/v1.0/provenance) for builds, one of our own for deployments. Pure: the same facts give the same bytes.</summary>
public static class Provenance
{
    public const string PayloadType = "application/vnd.in-toto+json";
    public const string StatementType = "https://in-toto.io/Statement/v1";
    public const string Build = "https://slsa.dev/provenance/v1";
    public const string Deployment = "https://prodsprint.dev/attestations/deployment/v1";
    public const string BuildType = "https://prodsprint.dev/attestations/build/v1";

    /// <summary>Builds run on the node with the role target, in its sandbox. Which installation it was says the key.</summary>
    public const string Builder = "https://prodsprint.dev/builders/target/v1";

    public static byte[] OfBuild(BuildFacts f)
    {
        var source = f.Source is null ? null : $"git+{f.Source}";
        return Statement(f.Workspace, f.Project, f.ArtifactDigest, Build, new JsonObject
        {
            ["buildDefinition"] = new JsonObject
            {
                ["buildType"] = BuildType,
                ["externalParameters"] = new JsonObject
                {
                    ["workspace"] = f.Workspace, ["project"] = f.Project, ["source"] = source, ["ref"] = f.Ref, ["commit"] = f.Commit,
                    ["services"] = new JsonArray([.. f.Services.Select(Service)]),
                },
                ["internalParameters"] = new JsonObject { ["testsPassed"] = f.TestsPassed, ["testsFailed"] = f.TestsFailed },
                ["resolvedDependencies"] = new JsonArray(
                [
                    new JsonObject { ["name"] = "repository", ["uri"] = source is null ? null : $"{source}@{f.Commit}", ["digest"] = new JsonObject { ["gitCommit"] = f.Commit } },
                    .. f.LockFiles.OrderBy(l => l.Path, StringComparer.Ordinal).Select(l => new JsonObject { ["name"] = l.Path, ["digest"] = new JsonObject { ["sha256"] = l.Sha256 } }),
                ]),
            },
            ["runDetails"] = new JsonObject
            {
                ["builder"] = new JsonObject { ["id"] = Builder },
                ["metadata"] = new JsonObject { ["invocationId"] = f.Invocation, ["startedOn"] = Time(f.StartedAt), ["finishedOn"] = Time(f.FinishedAt) },
            },
        });
    }

    public static byte[] OfDeployment(DeploymentFacts f) => Statement(f.Workspace, f.Project, f.ArtifactDigest, Deployment, new JsonObject
    {
        ["environment"] = f.Environment, ["release"] = f.Release, ["version"] = f.Version, ["commit"] = f.Commit,
        ["verified"] = new JsonObject { ["predicateType"] = Build, ["digest"] = new JsonObject { ["sha256"] = Hex(f.Build) } },
        ["deployer"] = new JsonObject { ["id"] = Builder },
        ["startedOn"] = Time(f.StartedAt),
    });

    public static string Subject(string workspace, string project) => $"{workspace}/{project}";

    /// <summary>"sha256:" taken off; in-toto names the algorithm beside it.</summary>
    public static string Hex(string digest) => digest.StartsWith("sha256:", StringComparison.Ordinal) ? digest[7..] : digest;

    private static byte[] Statement(string workspace, string project, string digest, string predicateType, JsonObject predicate) => CanonicalJson.Canonical(new JsonObject
    {
        ["_type"] = StatementType,
        ["subject"] = new JsonArray(new JsonObject { ["name"] = Subject(workspace, project), ["digest"] = new JsonObject { ["sha256"] = Hex(digest) } }),
        ["predicateType"] = predicateType,
        ["predicate"] = predicate,
    });

    /// <summary>Names of variables without their values: provenance is for many eyes.</summary>
    private static JsonObject Service(ServicePlan s) => new()
    {
        ["name"] = s.Name, ["path"] = s.Path, ["kind"] = s.Kind.ToString().ToLowerInvariant(), ["language"] = s.Language, ["languageVersion"] = s.LanguageVersion, ["packageManager"] = s.PackageManager,
        ["install"] = s.Install?.Line, ["build"] = s.Build?.Line, ["test"] = s.Test?.Line,
        ["variables"] = new JsonArray([.. (s.Variables.IsDefault ? [] : s.Variables).Select(v => v.Name).Order(StringComparer.Ordinal).Select(n => JsonValue.Create(n))]),
    };

    private static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
