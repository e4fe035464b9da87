using System.Reflection;
using System.Text.RegularExpressions;

namespace ProdSprint.Releases;

/// <summary>Every scenario of rollout-scenarios.md is a named test, or is left out for a reason that stands here.</summary>
public sealed partial class ReleaseScenarioCoverageTests
{
    private static readonly Dictionary<string, string> LeftOut = new()
    {
        ["A8"] = "Flagger's stepWeight/maxWeight generate steps; our steps are listed one by one",
        ["A9"] = "Flagger's stepWeightPromotion moves traffic between two copies; promotion here starts no second copy (F1)",
        ["A12"] = "Flagger's traffic mirroring is not a strategy here",
        ["A13"] = "Flagger's A/B sessions are not a strategy here; a header reaches a version by name (tests/Traffic)",
        ["B1"] = "replica counts",
        ["B5"] = "replica counts",
        ["B6"] = "replica counts",
        ["C5"] = "Argo's abortScaleDownDelay=0 keeps a canary's pods for ever; an aborted version is always stopped here",
        ["C8"] = "replica counts",
        ["C12"] = "replica counts (maxSurge, maxUnavailable)",
        ["E7"] = "an image that Kubernetes cannot pull",
        ["E8"] = "Argo's analysis templates are separate objects; a policy is part of the plan here",
        ["E9"] = "Argo's analysis templates",
        ["E10"] = "Argo measures metrics side by side in time; a look here is one pure function over all of them",
        ["E11"] = "Argo's dry-run metrics",
        ["G4"] = "Argo's scaleDownDelayRevisionLimit; one former version is kept warm per promotion here",
        ["H3"] = "stale caches of the Kubernetes API; a grain's storage refuses an old version (tests/Engine, tests/Grains)",
        ["H4"] = "concurrent writers of the Kubernetes API; a grain is one writer and its storage checks the version (tests/Engine, tests/Grains)",
        ["I10"] = "there is no flake quarantine that could hide anything: one failed test fails the gate",
    };

    [Fact]
    public void EveryScenario_IsANamedTestOrLeftOutForAReason()
    {
        var ids = Ids();
        ids.Count.ShouldBeGreaterThan(80);
        var tested = Assembly.GetExecutingAssembly().GetTypes().SelectMany(t => t.GetMethods())
            .Where(m => m.GetCustomAttributes<FactAttribute>(true).Any())
            .Select(m => TestId().Match(m.Name)).Where(m => m.Success).Select(m => m.Groups[1].Value).ToHashSet();

        ids.Except(tested).Except(LeftOut.Keys).ShouldBeEmpty("neither tested nor left out for a reason");
        LeftOut.Keys.Intersect(tested).ShouldBeEmpty("tested and left out at once");
        LeftOut.Keys.Except(ids).ShouldBeEmpty("left out, but not in the list");
    }

    private static HashSet<string> Ids()
    {
        var text = File.ReadAllText(Path.Combine(JudgeCases.Folder, "rollout-scenarios.md"));
        var rows = RowId().Matches(text).Select(m => m.Groups[1].Value);
        var prose = text.Split('\n').Where(l => l.StartsWith("G1 ", StringComparison.Ordinal) || l.StartsWith("I1 ", StringComparison.Ordinal))
            .SelectMany(l => ProseId().Matches(l).Select(m => m.Groups[1].Value));
        return [.. rows, .. prose];
    }

    [GeneratedRegex(@"^\| ([A-H]\d+) \|", RegexOptions.Multiline)]
    private static partial Regex RowId();

    [GeneratedRegex(@"(?:^|\. )([GI]\d+) ")]
    private static partial Regex ProseId();

    [GeneratedRegex(@"^([A-I]\d+)_")]
    private static partial Regex TestId();
}
