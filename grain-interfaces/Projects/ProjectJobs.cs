using System.Collections.Immutable;
using System.Text.Json.Serialization;
using ProdSprint.Plans;

namespace ProdSprint.Projects;

/// <summary>Kinds of the jobs behind import and plan, with argument and result (JSON, <c>JsonSerializerDefaults.Web</c>).</summary>
public static class ProjectJobs
{
    /// <summary><see cref="ImportRequest"/> → <see cref="ImportResult"/></summary>
    public const string Import = "project.import";

    /// <summary><see cref="PlanRequest"/> → <see cref="PlanResult"/></summary>
    public const string Plan = "plans.generate";

    /// <summary><see cref="BranchRequest"/> → <see cref="BranchResult"/></summary>
    public const string Branch = "plans.branch";
}

[GenerateSerializer, Immutable, Alias("projects.ImportRequest")]
public sealed record ImportRequest([property: Id(0)] string Workspace, [property: Id(1)] string Project, [property: Id(2)] string Source);

[GenerateSerializer, Immutable, Alias("projects.ImportResult")]
public sealed record ImportResult([property: Id(0)] string DefaultBranch, [property: Id(1)] string Head, [property: Id(2)] int Commits)
{
    /// <summary>The workspace has advisories.</summary>
    [Id(3), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] public bool Advisories { get; init; }

    /// <summary>The workspace's windows; null: it has none.</summary>
    [Id(4), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public Tenants.WorkspaceFreeze? Freeze { get; init; }
}

/// <param name="Previous">The plan approved before, for the difference and for carrying its approval over.</param>
[GenerateSerializer, Immutable, Alias("projects.PlanRequest")]
public sealed record PlanRequest(
    [property: Id(0)] string Workspace,
    [property: Id(1)] string Project,
    [property: Id(2)] string Source,
    [property: Id(3)] string? Ref,
    [property: Id(4)] string Profile,
    [property: Id(5)] PlanDocument? Previous,
    [property: Id(6)] ImmutableDictionary<string, string> Variables)
{
    /// <summary>Environments whose infrastructure was applied, and gives its services a database.</summary>
    [Id(7)] public ImmutableArray<string> Standing { get; init; } = [];

    /// <summary>The commit that production serves; null: none yet. What is risky is what differs from it.</summary>
    [Id(8)] public string? Serving { get; init; }

    /// <summary>A level of risk that the plan is to be as careful for; null: as its profile has it.</summary>
    [Id(9), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? Care { get; init; }
}

/// <param name="Version">The tag at the commit when the ref names one, else the short commit.</param>
/// <param name="AuditDigest">Of the audit report in the document store.</param>
/// <param name="Summary">One sentence: what the audit found.</param>
[GenerateSerializer, Immutable, Alias("projects.PlanResult")]
public sealed record PlanResult(
    [property: Id(0)] string Commit,
    [property: Id(1)] string Version,
    [property: Id(2)] string Author,
    [property: Id(3)] string Subject,
    [property: Id(4)] PlanDocument Document,
    [property: Id(5)] string AuditDigest,
    [property: Id(6)] string Summary)
{
    /// <summary>Of what the commit changes against the plan approved before, in the document store; null in plans made before it was looked for.</summary>
    [Id(7), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? ChangeDigest { get; init; }
}
