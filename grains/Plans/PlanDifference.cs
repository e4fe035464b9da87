using System.Collections.Immutable;
using System.Globalization;
using ProdSprint.Projects;

namespace ProdSprint.Plans;

/// <summary>The difference between two plans as a person reads it: one line per thing that changed, sorted by path.</summary>
public static class PlanDifference
{
    public static ImmutableArray<PlanChange> Between(PlanDocument before, PlanDocument after)
    {
        var (old, now) = (Flatten(before), Flatten(after));
        return
        [
            .. old.Keys.Union(now.Keys).Order(StringComparer.Ordinal)
                .Select(path => new PlanChange(path, old.GetValueOrDefault(path), now.GetValueOrDefault(path)))
                .Where(change => change.Before != change.After),
        ];
    }

    private static Dictionary<string, string> Flatten(PlanDocument plan)
    {
        var lines = new Dictionary<string, string>(StringComparer.Ordinal);
        void Put(string path, object? value) { if (value is not null) lines[path] = Convert.ToString(value, CultureInfo.InvariantCulture)!; }
        Put("commit", plan.Commit);
        Put("entry", plan.Entry);
        var policy = plan.Policy;
        Put("policy", $"{policy.Name} v{policy.Version}, {policy.Approval}, {policy.Strategy}");
        Put("policy approvers", policy.Approvers);
        Put("policy judge", string.Create(CultureInfo.InvariantCulture, $"{policy.Judge.Policy} α={policy.Judge.Alpha}"));
        Put("policy gates", string.Join(", ", policy.Gates));
        Put("policy freeze", policy.Freeze);
        Put("policy warm", Durations.Write(policy.WarmAfterPromotion));
        Put("policy max hold", Durations.Write(policy.MaxHold));
        Put("policy pinned artifacts", policy.PinnedArtifacts);
        for (var i = 0; i < policy.Steps.Length; i++)
        {
            var s = policy.Steps[i];
            Put($"policy step {i + 1:00}", string.Create(CultureInfo.InvariantCulture, $"{s.WeightPercent:0.##} %, {s.MinRequests} answers, {Durations.Write(s.MinBake)} to {Durations.Write(s.MaxBake)}{(s.Pause ? ", then a person" : "")}"));
        }
        foreach (var environment in plan.Environments)
            foreach (var s in environment.Services)
            {
                var at = $"{environment.Name}/{s.Name}";
                Put($"{at} kind", s.Kind);
                Put($"{at} language", $"{s.Language} {s.LanguageVersion}".Trim());
                foreach (var (what, command) in ((string, ServiceCommand?)[])[("install", s.Install), ("build", s.Build), ("test", s.Test), ("migrate", s.Migrate), ("start", s.Start)])
                    Put($"{at} {what}", command is null ? null : command.Directory == "." ? command.Line : $"{command.Line} (in {command.Directory})");
                Put($"{at} static", s.StaticDirectory);
                Put($"{at} port", s.Port is null ? null : $"{s.Port.Default} ({s.Port.Variable ?? "fixed"})");
                Put($"{at} health", s.Health?.Path);
                Put($"{at} memory", $"{s.Limits.MemoryMiB} MiB");
                Put($"{at} processors", s.Limits.Cpus);
                foreach (var v in s.Variables) Put($"{at} variable {v.Name}", v.State == VariableState.Repository ? v.Value : v.State.ToString().ToLowerInvariant());
            }
        foreach (var blocker in plan.Blockers) Put($"blocker {blocker.Id}", blocker.Title);
        return lines;
    }
}
