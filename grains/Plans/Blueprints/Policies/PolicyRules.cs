using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using ProdSprint.Plans.Blueprints.Pipelines;
using ProdSprint.Projects;

namespace ProdSprint.Plans.Blueprints.Policies;

/// <summary>What a rule may look at: the plan, the audit behind it, and the very files that would be applied.</summary>
public sealed record PolicyFacts(PlanDocument Plan, AuditReport Audit, FileBundle Infrastructure)
{
    /// <summary>What the Dockerfiles build on that are written for services without one: they are held to the same rule as the repository's.</summary>
    public ImmutableArray<string> WrittenImages { get; } =
        [.. Plan.Environments[^1].Services.Where(s => Dockerfiles.IsWritten(s, Audit)).SelectMany(s => Dockerfiles.BaseImages(s).Select(i => $"{Dockerfiles.PathOf(s.Name)} (written): {i}")).Distinct().Order(StringComparer.Ordinal)];
}

/// <summary>The rules themselves. Each looks at facts and says what it saw; none knows a standard.</summary>
public static class PolicyRules
{
    /// <param name="Causes">What breaks the rule, without lines and counts; null: the evidence is the cause.</param>
    private sealed record Seen(bool Passed, ImmutableArray<string> Evidence, IEnumerable<string>? Causes = null, SourceLocation? At = null);

    private sealed record Rule(string Title, string Remediation, Func<PolicyFacts, double, Seen> Look);

    private static readonly ImmutableSortedDictionary<string, Rule> All = new Dictionary<string, Rule>
    {
        ["secrets.tree"] = new("No credential lies in the files", "Remove it, revoke it where it is valid, and provide it as a secret", (f, _) => Secrets(f, s => s.Commit is null && !SecretScan.IsSample(s.Path))),
        ["secrets.samples"] = new("No credential lies in tests or examples", "Revoke it if it was ever valid, and let the test make its own", (f, _) => Secrets(f, s => SecretScan.IsSample(s.Path))),
        ["secrets.history"] = new("No credential lies in the history", "Revoke it where it is valid; then rewrite the history or waive", (f, _) => Secrets(f, s => s.Commit is not null && !SecretScan.IsSample(s.Path))),
        ["dependencies.locked"] = new("Every dependency is locked to a version", "Commit the lock file of each service", (f, _) => NoGap(f, GapCodes.LockfileMissing, GapCodes.LockfileStale, GapCodes.LockfileUnread)),
        ["container.user"] = new("No container runs as root", "Write USER in the Dockerfile", (f, _) => NoGap(f, GapCodes.DockerfileRoot)),
        ["container.pinned"] = new("Every base image is pinned by digest", "Write FROM image@sha256:… in the Dockerfile (docker buildx imagetools inspect IMAGE prints the digest), and commit it", (f, _) => Images(f)),
        ["tests.present"] = new("Every service has tests", "Write tests, and say how to run them under test: in prodsprint.yml", (f, _) => Services(f, s => s.Test is not null, s => s.Test?.Line ?? "none")),
        ["gates.tests"] = new("Tests stand between staging and canary", "Choose a profile whose gates contain tests", (f, _) => One(f.Plan.Policy.Gates.Contains("tests"), $"gates: {string.Join(", ", f.Plan.Policy.Gates)}")),
        ["canary.first-step"] = new("The first step of the canary is small", "Lower the first weight under canary: in prodsprint.yml",
            (f, limit) => One(f.Plan.Policy.Strategy == ReleaseStrategy.Canary && f.Plan.Policy.Steps[0].WeightPercent <= limit, $"first step: {Number(f.Plan.Policy.Steps[0].WeightPercent)} %, at most {Number(limit)} %")),
        ["approval.every-plan"] = new("Every plan is approved by somebody else than its author", "Plan with a profile that asks for it: --profile strict", (f, _) => One(f.Plan.Policy.Approval == ApprovalMode.EveryPlan, $"profile {f.Plan.Policy.Name} v{f.Plan.Policy.Version}: {f.Plan.Policy.Approval}")),
        ["migration.reversible"] = new("No step is past taking back", "Split the migration into one that adds and, later, one that removes", (f, _) => Reversible(f)),
        ["data.encrypted"] = new("Data is encrypted where it lies", "Set it in the module again", (f, _) => Files(f, ("/database/", @"storage_encrypted\s+= true"), ("/cache/", @"at_rest_encryption_enabled\s+= true"), ("/storage/", "sse_algorithm"), ("/kubernetes/", @"resources = \[""secrets""\]"), ("/kubernetes/", @"encrypted\s+= true"))),
        ["data.private"] = new("No database, no bucket and no control plane is reachable from outside", "Set it in the module again", (f, _) => Files(f, ("/database/", @"publicly_accessible\s+= false"), ("/storage/", @"restrict_public_buckets\s+= true"), ("/network/", "aws_default_security_group"), ("/kubernetes/", @"endpoint_public_access\s+= false"))),
        ["transport.tls"] = new("Nothing is said in the clear", "Set it in the module again", (f, _) => Files(f, ("/cluster/", "ELBSecurityPolicy-TLS13"), ("/balancer/", "ELBSecurityPolicy-TLS13"), ("/edge/", "redirect-to-https"), ("/cache/", @"transit_encryption_enabled\s+= true"), ("/storage/", "aws:SecureTransport"))),
        ["logs.days"] = new("Logs are kept long enough", "Raise log_days in production.tfvars", (f, limit) => Value(f, "log_days", limit)),
        ["zones.several"] = new("Production survives the loss of a zone", "Raise zones in production.tfvars", (f, limit) => Value(f, "zones", limit)),
        ["backup.days"] = new("Any moment of the last days can be restored", "Raise backup_days in production.tfvars", (f, limit) => Value(f, "backup_days", limit)),
    }.ToImmutableSortedDictionary(StringComparer.Ordinal);

    public static IEnumerable<string> Names => All.Keys;

    /// <summary>Every rule of the profile, what failed and blocks first.</summary>
    public static ImmutableArray<PolicyResult> Check(string profile, PolicyFacts facts)
    {
        var asked = PolicyCatalogue.Current.Profiles[profile];
        return
        [
            .. asked.Rules.Select(demand =>
            {
                var rule = All[demand.Rule];
                var seen = rule.Look(facts, demand.Limit ?? 0);
                return new PolicyResult(demand.Rule, rule.Title, seen.Passed, demand.Level, $"{profile} v{asked.Version}", demand.Controls, seen.Evidence, seen.Passed ? null : rule.Remediation)
                {
                    BuiltIn = seen.Passed,
                    Causes = seen.Passed ? [] : [.. (seen.Causes ?? seen.Evidence).Distinct()],
                    At = seen.Passed ? null : seen.At,
                };
            }).OrderBy(r => r.Passed).ThenByDescending(r => r.Level).ThenBy(r => r.Rule, StringComparer.Ordinal),
        ];
    }

    private static Seen One(bool passed, string evidence) => new(passed, [evidence]);

    private static Seen Secrets(PolicyFacts facts, Func<SecretAudit, bool> which)
    {
        var found = (facts.Audit.Repository?.Secrets ?? []).Where(which).ToList();
        var searched = facts.Audit.Repository?.History is { } history ? $"{facts.Audit.Tree.Files} files and {history.Commits} commits searched" : $"{facts.Audit.Tree.Files} files searched";
        return new(found.Count == 0, [searched, .. found.Take(20).Select(s => $"{s.Rule} at {s.Path}{(s.Commit is { } c ? $" in {c[..10]}" : $":{s.Line}")}")],
            found.Select(s => $"{s.Rule} {s.Path}"), found.Count == 0 ? null : new(found[0].Path, found[0].Line));
    }

    private static Seen NoGap(PolicyFacts facts, params string[] codes)
    {
        var found = facts.Audit.Gaps.Where(g => codes.Contains(g.Code)).ToList();
        return new(found.Count == 0, found.Count == 0 ? [$"the audit has no {string.Join(", ", codes)}"] : [.. found.Take(20).Select(g => $"{g.Code} at {g.At?.ToString() ?? g.Service}")],
            found.Select(g => $"{g.Code} {g.At?.Path ?? g.Service}"), found.Count == 0 ? null : found[0].At);
    }

    private static Seen Images(PolicyFacts facts)
    {
        var images = facts.Audit.Services.SelectMany(s => s.Dockerfile?.BaseImages ?? []).Distinct().Order(StringComparer.Ordinal).Concat(facts.WrittenImages).ToList();
        var loose = images.Where(i => i != "scratch" && !i.Contains("@sha256:", StringComparison.Ordinal)).ToList();
        return new(loose.Count == 0, images.Count == 0 ? ["no Dockerfile"] : [.. images], loose);
    }

    private static Seen Services(PolicyFacts facts, Func<ServicePlan, bool> holds, Func<ServicePlan, string> what)
    {
        var services = facts.Plan.Environments[^1].Services;
        return new(services.All(holds), [.. services.Select(s => $"{s.Name}: {what(s)}")], services.Where(s => !holds(s)).Select(s => s.Name));
    }

    private static Seen Reversible(PolicyFacts facts)
    {
        var lost = facts.Plan.Steps.Where(s => s.Reversibility == Reversibility.NotAtAll).ToList();
        return new(lost.Count == 0, lost.Count == 0 ? [$"{facts.Plan.Steps.Length} steps, each with a way back"] : [.. lost.Select(s => $"step {s.Number}, {s.Environment}: {s.Title}")], lost.Select(s => $"{s.Environment} {s.Title}"));
    }

    /// <summary>In each module that is there, the line is there.</summary>
    private static Seen Files(PolicyFacts facts, params (string Module, string Line)[] wanted)
    {
        var (evidence, missing) = (new List<string>(), new List<string>());
        foreach (var (module, line) in wanted)
        {
            if (facts.Infrastructure.Files.FirstOrDefault(f => f.Key.Contains($"/modules{module}main.tf", StringComparison.Ordinal)) is not { Key: { } path, Value: var text }) continue;
            var at = Array.FindIndex(text.Split('\n'), l => Regex.IsMatch(l, line, RegexOptions.CultureInvariant));
            if (at < 0) missing.Add($"{module} {line}");
            evidence.Add(at >= 0 ? $"{path}:{at + 1}" : $"{path}: no {line.Replace(@"\s+", " ", StringComparison.Ordinal)}");
        }
        return new(missing.Count == 0, [.. evidence], missing);
    }

    private static Seen Value(PolicyFacts facts, string name, double atLeast)
    {
        var (path, text) = facts.Infrastructure.Files.First(f => f.Key.EndsWith("/production.tfvars", StringComparison.Ordinal));
        var match = Regex.Match(text, $@"^\s*{name}\s*= (\d+)$", RegexOptions.Multiline | RegexOptions.CultureInvariant);
        return One(match.Success && double.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture) >= atLeast, $"{path}: {name} = {(match.Success ? match.Groups[1].Value : "?")}, at least {Number(atLeast)}");
    }

    private static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
