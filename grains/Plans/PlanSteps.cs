using System.Collections.Immutable;
using System.Globalization;
using ProdSprint.Projects;

namespace ProdSprint.Plans;

/// <summary>The steps a release of this plan takes, in order, each with its way back.</summary>
public static class PlanSteps
{
    public static ImmutableArray<PlanStep> List(ImmutableArray<EnvironmentPlan> environments, PolicyProfile policy, string entry)
    {
        var steps = ImmutableArray.CreateBuilder<PlanStep>();
        void Add(string kind, string environment, string? service, string title, Reversibility reversibility, string back, string? residue = null) =>
            steps.Add(new(steps.Count + 1, kind, environment, service, title, reversibility, back, residue));

        // an artifact is built once and runs in both environments: what staging saw is what production gets
        Add("checkout", "", null, "Write the commit's files to a folder of their own", Reversibility.Exact, "Delete the folder");
        foreach (var s in environments[0].Services)
        {
            if (s.Install is not null) Add("install", "", s.Name, s.Install.Line, Reversibility.WithResidue, "Delete the folder", "Downloaded packages stay in the package manager's cache");
            if (s.Build is not null) Add("build", "", s.Name, s.Build.Line, Reversibility.Exact, "Delete the artifact");
            if (s.Test is not null && policy.Gates.Contains("tests")) Add("test", "", s.Name, s.Test.Line, Reversibility.Exact, "Nothing: the tests run in the build's folder");
        }
        foreach (var environment in environments)
        {
            foreach (var s in environment.Services)
                if (s.Migrate is not null)
                    Add("migrate", environment.Name, s.Name, $"{s.Migrate.Line} (once, before the version starts; at most {Durations.Write(s.Limits.BuildDeadline)})", Reversibility.WithResidue,
                        "The version is not started, and the stable one goes on; no migration is undone", "The schema and the data as the migration left them, which the stable version has to work with");
            foreach (var s in environment.Services)
            {
                Add("start", environment.Name, s.Name, s.Start?.Line ?? $"Serve the files of {s.StaticDirectory}", Reversibility.Exact, "Drain and stop the process");
                if (s.Health is not null) Add("health", environment.Name, s.Name, $"GET {s.Health.Path} answers 2xx or 3xx within {s.Health.StartDeadline.TotalSeconds:0} s", Reversibility.Exact, "Nothing: it only looks");
            }
            if (environment.Name == "staging") Add("smoke", environment.Name, entry, "GET / and the health path through the router", Reversibility.Exact, "Nothing: it only looks");
        }
        const string Production = "production";
        if (policy.Strategy == ReleaseStrategy.Canary)
            foreach (var step in policy.Steps)
                Add("traffic", Production, entry, string.Create(CultureInfo.InvariantCulture, $"{step.WeightPercent:0.##} % of the requests for at least {Durations.Write(step.MinBake)} and {step.MinRequests} answers"),
                    Reversibility.WithResidue, "All requests to the stable version, at once", "What the new version has answered and written");
        else
            Add("traffic", Production, entry, "All requests to the new version, the old one kept warm", Reversibility.WithResidue, "All requests to the stable version, at once", "What the new version has answered and written");
        Add("promote", Production, entry, "The new version becomes the stable one", Reversibility.Exact, $"Switch back to the former version, kept running for {Durations.Write(policy.WarmAfterPromotion)}");
        Add("retire", Production, entry, "Stop the former version", Reversibility.Approximate, $"Start it again from its artifact (the last {policy.PinnedArtifacts} are kept); no build is needed");
        return steps.ToImmutable();
    }
}
