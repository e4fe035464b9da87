using System.Collections.Immutable;
using System.Globalization;
using ProdSprint.Plans;
using ProdSprint.Projects;
using ProdSprint.Releases;

namespace ProdSprint.Gates;

/// <summary>Pure: goes through what must be so before production, in a fixed order.</summary>
public static class ReadinessCheck
{
    private const ItemState Block = ItemState.Block;
    private const ItemState Warn = ItemState.Warn;

    /// <param name="plan">The newest plan, or null.</param>
    /// <param name="audit">Behind that plan; null while it is being made.</param>
    /// <param name="tests">What the last build's tests reported; null when nothing is known of them.</param>
    /// <param name="performance">What its routes showed under load; null when none are known.</param>
    /// <param name="findings">What the newest gate found in the release's packages; null: none has looked.</param>
    /// <param name="drifted">Environments of which something is otherwise than it was applied, and nobody accepted it; null: none was applied.</param>
    public static Readiness Of(
        ProjectView project, PlanView? plan, AuditReport? audit, TestFacts? tests = null, PerformanceFacts? performance = null, FindingFacts? findings = null, IReadOnlyList<string>? drifted = null)
    {
        var items = Items(project, plan, audit, tests, performance, findings, drifted).ToImmutableArray();
        var state = items.Any(i => i.State == Block) ? ReadinessState.Blocked : items.Any(i => i.State == Warn) ? ReadinessState.Attention : ReadinessState.Ready;
        var passed = items.Count(i => i.State == ItemState.Pass);
        return new(project.Id, plan?.Number, plan?.Commit, state, new(1, "readiness", $"{passed} of {items.Length}", state switch { ReadinessState.Ready => "brightgreen", ReadinessState.Attention => "yellow", _ => "red" }), items);
    }

    private static IEnumerable<ReadinessItem> Items(ProjectView project, PlanView? plan, AuditReport? audit, TestFacts? tests, PerformanceFacts? performance, FindingFacts? findings, IReadOnlyList<string>? drifted)
    {
        var at = $"/projects/{project.Id}";
        yield return Item("source.read", "The repository can be read", project.Problem is null, Block, project.Problem ?? $"{project.Source} at {project.Head}", "Correct the address and import again", at);
        if (plan?.Document is not { } document || audit is null)
        {
            yield return Item("plan.made", "There is a plan", false, Block, plan?.Problem ?? "none", $"Plan it: prodsprint plan --project {project.Id}", $"{at}/plan");
            yield break;
        }
        var waived = plan.Waivers.Select(w => w.Blocker).ToHashSet(StringComparer.Ordinal);
        var open = document.Blockers.Where(b => !waived.Contains(b.Id)).ToList();
        var services = document.Environments[^1].Services;
        var missing = services.SelectMany(s => s.Variables.Where(v => v.State == VariableState.Missing).Select(v => $"{s.Name}: {v.Name}")).ToList();
        var lost = document.Steps.Where(s => s.Reversibility == Reversibility.NotAtAll).ToList();
        var untested = services.Where(s => s.Test is null).Select(s => s.Name).ToList();
        yield return Item("plan.blockers", "Nothing stands against the plan", open.Count == 0, Block, open.Count == 0 ? document.Blockers.IsEmpty ? "none" : $"{document.Blockers.Length} blockers, all waived with a reason" : string.Join("; ", open.Select(b => b.Title)), "Resolve each, or waive it with a reason", $"{at}/plan");
        yield return Item("plan.approved", "The plan is approved", plan.Status == PlanStatus.Approved, Block, $"plan {plan.Number} is {plan.Status.ToString().ToLowerInvariant()}", $"Approve it: prodsprint approve --project {project.Id}", $"{at}/plan");
        yield return Item("variables.set", "Every variable has a value", missing.Count == 0, Unless(waived, document, PlanBlockers.VariableMissing), missing.Count == 0 ? "none is missing" : string.Join(", ", missing), "Set them for the project", $"{at}/settings");
        yield return Gap(audit with { Gaps = [.. audit.Gaps.Where(g => g.Severity != GapSeverity.Info)] }, "secrets.tree", "No credential lies in the files", Unless(waived, document, $"{PlanPolicies.Prefix}secrets.tree"), GapCodes.SecretInTree, GapCodes.SecretFile);
        yield return Gap(audit, "secrets.history", "No credential lies in the history", Warn, GapCodes.SecretInHistory);
        yield return Gap(audit, "dependencies.locked", "Every dependency is locked", Warn, GapCodes.LockfileMissing, GapCodes.LockfileStale, GapCodes.LockfileUnread);
        yield return Gap(audit, "health.known", "Every service says when it is well", Warn, GapCodes.HealthMissing);
        yield return Item("advisories.known", "There are advisories to hold dependencies against", project.Advisories, Warn, project.Advisories ? "each release is held against them at its gates" : "none are imported, so nothing is compared", "Import them: prodsprint vulnerabilities import PATH", null);
        yield return Weaknesses(project, findings);
        yield return Licences(document.Policy, project, findings);
        yield return Item("tests.present", "Every service has tests", untested.Count == 0, Warn, untested.Count == 0 ? string.Join(", ", services.Select(s => s.Test!.Line).Distinct()) : $"none in {string.Join(", ", untested)}", "Write tests, and say how to run them under test: in prodsprint.yml", null);
        yield return Coverage(document.Policy.Coverage ?? CoveragePolicy.Usual, project, tests);
        yield return Item("tests.steady", "No test is in quarantine", tests is null or { Quarantined: 0 }, Warn, tests is null or { Quarantined: 0 } ? "none" : tests.Quarantined == 1 ? "1 test fails and passes on the same code" : $"{tests.Quarantined} tests fail and pass on the same code",
            $"Mend them before their quarantine ends: prodsprint tests quarantine list --project {project.Id}", $"{at}/gates/tests");
        yield return Performance(document.Policy, project, performance);
        yield return Item("steps.reversible", "Every step can be taken back", lost.Count == 0, Warn, lost.Count == 0 ? $"{document.Steps.Length} steps" : string.Join("; ", lost.Select(s => s.Title)), "Split it into one that adds and, later, one that removes", $"{at}/plan");
        yield return Item("infrastructure.steady", "What stands is what was applied", drifted is null or { Count: 0 }, Warn, drifted switch { null => "no infrastructure was applied", { Count: 0 } => "no drift", _ => $"otherwise by now: {string.Join(", ", drifted)}" },
            "Apply it again, or accept what is otherwise", $"{at}/infrastructure");
        yield return Gap(audit, "container.user", "No container runs as root", Warn, GapCodes.DockerfileRoot);
        yield return Item("rollback.target", "There is a version to go back to", project.Stable is null || project.Good.Length > 1, Warn, project.Stable is null ? "first release" : $"{project.Good.Length} good versions", "The next promotion makes one", null);
        yield return Item("release.last", "The last release was not taken back", project.LastOutcome is null or ReleaseOutcome.Promoted or ReleaseOutcome.FastPromoted or ReleaseOutcome.Superseded, Warn, project.LastOutcome is { } outcome ? outcome.InWords() : "none yet", "See why in its evidence", project.LastRelease > 0 ? $"{at}/releases/{project.LastRelease}" : null);
        yield return Item("freeze.open", "No freeze window is open", !project.FrozenNow, Block, project.FrozenNow ? string.Join("; ", project.Freeze.Concat(project.WorkspaceFreeze).Select(f => f.Reason)) : "none", "Wait for its end, or change the windows", $"{at}/settings");
    }

    /// <summary>What somebody waived with a reason and an end is still told, and no longer blocks.</summary>
    private static ItemState Unless(HashSet<string> waived, PlanDocument document, string code) =>
        document.Blockers.Where(b => b.Code == code).ToList() is { Count: > 0 } blockers && blockers.All(b => waived.Contains(b.Id)) ? Warn : Block;

    /// <summary>The gate stops a release for it; here it is told before there is one.</summary>
    private static ReadinessItem Weaknesses(ProjectView project, FindingFacts? findings)
    {
        var seen = findings switch
        {
            null or { Compared: false } => "no release was held against advisories yet",
            { Weaknesses: 0 } => $"none at {findings.ShortCommit}",
            _ => $"{findings.Weaknesses} of high or critical level at {findings.ShortCommit}, waived by nobody",
        };
        return Item("advisories.answered", "No weakness of a dependency is open", findings is null or { Compared: false } or { Weaknesses: 0 }, Warn, seen, $"Update the package, or waive it: prodsprint vulnerabilities list --project {project.Id}", $"/projects/{project.Id}/gates/findings");
    }

    private static ReadinessItem Licences(PolicyProfile policy, ProjectView project, FindingFacts? findings)
    {
        var seen = (policy.Licences, findings) switch
        {
            (null, _) => $"the policy '{policy.Name}' names none",
            (_, null) => "no release's packages were looked at yet",
            (_, { Licences: 0 }) => $"all at {findings.ShortCommit}",
            _ => $"{findings.Licences} packages at {findings.ShortCommit} have one that it does not allow",
        };
        return Item("licences.allowed", "Every licence is one that the policy allows", policy.Licences is null || findings is null or { Licences: 0 }, Warn, seen, $"Replace the package, or waive it: prodsprint vulnerabilities list --project {project.Id}", $"/projects/{project.Id}/gates/findings");
    }

    /// <summary>A build that is yet to come says more than any guess: nothing known is nothing wrong.</summary>
    private static ReadinessItem Coverage(CoveragePolicy policy, ProjectView project, TestFacts? tests)
    {
        var otherwise = policy.Required ? Block : Warn;
        const string reported = "Have the tests write lcov, Cobertura, coverage.py's or Go's report: docs/gates.md says how";
        return tests switch
        {
            null when project.LastRelease == 0 => Item("tests.covered", "The tests cover enough", true, Warn, "the first build will tell", "", null),
            null or { CoveragePercent: null } => Item("tests.covered", "The tests cover enough", false, otherwise, "no coverage is reported", reported, null),
            { CoveragePercent: { } percent } => Item(
                "tests.covered", "The tests cover enough", percent >= policy.Minimum, Warn, string.Create(CultureInfo.InvariantCulture, $"{percent:0.##} % of lines at {tests.Commit[..Math.Min(10, tests.Commit.Length)]}"),
                string.Create(CultureInfo.InvariantCulture, $"At least {policy.Minimum:0.##} % are to be: prodsprint tests show --project {project.Id}"), $"/projects/{project.Id}/gates/tests"),
        };
    }

    /// <summary>An application without routes that could be loaded is none the worse for it: that is said, and nothing more.</summary>
    private static ReadinessItem Performance(PolicyProfile policy, ProjectView project, PerformanceFacts? known)
    {
        var (passes, seen) = (policy.Performance ?? PerformancePolicy.Usual, known) switch
        {
            ({ Seconds: 0 }, _) => (true, $"the policy '{policy.Name}' makes no load"),
            (_, null or { Source: "" }) => (true, "no routes are known, so nothing is put under load: an openapi.yaml in the repository names them"),
            (_, { Breaches.Length: > 0 }) => (false, string.Join("; ", known.Breaches.Take(5)) + (known.Breaches.Length > 5 ? $"; and {known.Breaches.Length - 5} more" : "")),
            (_, { Commit: null }) => (true, $"{known.Routes} routes of {known.Source} are put under load by the next release"),
            (_, { Compared: 0 }) => (true, $"{known.Measured} routes were measured at {known.Commit[..Math.Min(10, known.Commit.Length)]}; neither budget nor baseline is there to hold them against"),
            _ => (true, $"all {known.Compared} that have a budget or a baseline kept it at {known.Commit[..Math.Min(10, known.Commit.Length)]}"),
        };
        return Item("performance.kept", "Every route keeps its budget", passes, Warn, seen, $"See what was measured: prodsprint performance show --project {project.Id}", null);
    }

    private static ReadinessItem Gap(AuditReport audit, string id, string title, ItemState otherwise, params string[] codes)
    {
        var found = audit.Gaps.Where(g => codes.Contains(g.Code)).ToList();
        return Item(id, title, found.Count == 0, otherwise, found.Count == 0 ? "none found by the audit" : string.Join(", ", found.Take(10).Select(g => g.At?.ToString() ?? g.Service ?? g.Title)), found.Count == 0 ? "" : found[0].Remediation, null);
    }

    private static ReadinessItem Item(string id, string title, bool passes, ItemState otherwise, string seen, string remediation, string? link) =>
        new(id, title, passes ? ItemState.Pass : otherwise, seen, passes ? null : remediation, passes ? null : link);
}
