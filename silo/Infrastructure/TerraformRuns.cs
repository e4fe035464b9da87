using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;
using ProdSprint.Data;
using ProdSprint.Jobs;
using ProdSprint.Projects;

namespace ProdSprint.Infrastructure;

/// <summary>Plans, applies, looks and restores: each a run of its own, which takes over from whatever was there before.</summary>
public sealed class TerraformRuns(
    InfrastructureOptions options, Database database, StateStore states, RunLedger ledger, PlanFiles plans, TerraformProgram program, TimeProvider time)
{
    public async Task<InfrastructurePlan> PlanAsync(InfrastructureRequest r, JobContext job, CancellationToken cancellation)
    {
        await using var work = await BeginAsync(r, job, cancellation);
        var files = LocalConfiguration.Files(r.Workspace, r.Project, r.Environment);
        var (changes, _) = await PlanAsync(work, files, r.Destroy, cancellation);
        var configuration = await plans.PutAsync(r.Workspace, CanonicalJson.Canonical(files), cancellation);
        var file = await plans.PutAsync(r.Workspace, work.Run.ReadPlan(), cancellation);
        var plan = new InfrastructurePlan(r.Number, r.Destroy, changes, configuration, file, work.State?.Version ?? 0, Path.GetFileName(work.Program), "") { Cost = work.Run.Cost };
        return plan with { Digest = TerraformPlan.Digest(plan) };
    }

    /// <summary>
    /// The plan file that was approved, byte for byte, as long as the state is the one it was made from. When an attempt before has done a part of it, what is left is planned
    /// anew, and is only carried out when there is nothing in it that was not approved.
    /// </summary>
    public async Task<InfrastructureApplied> ApplyAsync(InfrastructureRequest r, JobContext job, CancellationToken cancellation)
    {
        await using var work = await BeginAsync(r, job, cancellation);
        ImmutableArray<InfrastructureChange> changes;
        if (r.Plan is { } plan && plan.StateVersion == (work.State?.Version ?? 0))
        {
            if (TerraformPlan.Digest(plan) != plan.Digest) throw new InfrastructureException("What is to be applied is not what was approved: its digest is another.", "plan anew: prodsprint infrastructure plan");
            changes = plan.Changes;
            var file = await plans.GetAsync(r.Workspace, plan.PlanFileDigest, "The plan file that was approved,", cancellation);
            await SetUpAsync(work, await FilesAsync(r, cancellation), Removable(changes), cancellation);
            work.Run.WritePlan(file);
            job.Progress(40, $"applying the plan file {plan.PlanFileDigest}");
        }
        else
        {
            (changes, _) = await PlanAsync(work, await FilesAsync(r, cancellation), r.Destroy, cancellation);
            if (TerraformPlan.Beyond(changes, r.Allowed) is { } beyond)
            {
                throw new InfrastructureException(
                    $"{beyond.Action} {beyond.Address} is not among what was approved, so nothing was done{(beyond.Why is { } why ? $" ({why})" : "")}.", "plan anew, and approve what it says: prodsprint infrastructure plan");
            }
            await work.Run.AttachAsync(Endpoint(work, Removable(changes)), cancellation);
            job.Progress(40, changes.IsEmpty ? "nothing is left to do" : $"{changes.Length} changes are left of what was approved");
        }
        if (changes.Length > 0) await work.Run.ApplyAsync(cancellation);
        if (!r.Destroy && await work.Resources.FindAsync(cancellation) is { Count: > 0 } still)
            throw new InfrastructureException($"It was applied, and still {string.Join("; ", still.Values)}.", "see who changes it, then apply again: prodsprint infrastructure apply");
        var newest = await states.NewestAsync(work.Key, r.Known, cancellation);
        job.Progress(100, "applied");
        return new(newest?.Known ?? new(0, ""), changes.Length);
    }

    public async Task<DriftFound> CheckAsync(InfrastructureRequest r, JobContext job, CancellationToken cancellation)
    {
        await using var work = await BeginAsync(r, job, cancellation);
        var (changes, _) = await PlanAsync(work, await FilesAsync(r, cancellation), false, cancellation);
        return new(changes, work.State?.Known ?? new(0, ""));
    }

    public async Task<InfrastructureApplied> RestoreAsync(InfrastructureRequest r, JobContext job, CancellationToken cancellation)
    {
        var key = new EnvironmentKey(r.Workspace, r.Project, r.Environment);
        var begun = await ledger.BeginAsync(key, job.Id, cancellation);
        var restored = await states.RestoreAsync(key, begun.Fence, job.Id, r.RestoreVersion ?? 0, r.Known, cancellation);
        job.Log($"Version {r.RestoreVersion} of the state is the newest again, as version {restored.Version}");
        return new(restored.Known, 0);
    }

    private async Task<Work> BeginAsync(InfrastructureRequest r, JobContext job, CancellationToken cancellation)
    {
        var key = new EnvironmentKey(r.Workspace, r.Project, r.Environment);
        var tool = program.Find();
        var place = new EnvironmentPlace(options.Root, key);
        var run = new TerraformRun(place, tool, $"PRODSPRINT_INFRASTRUCTURE={options.Root}#{key}", Step(), job, time);
        try
        {
            var begun = await ledger.BeginAsync(key, job.Id, cancellation);
            if (begun.Broken is { } left) job.Log($"An earlier run left its lock and is over; the lock is broken: {left}");
            await run.EndLeftoversAsync(cancellation);
            var state = await states.NewestAsync(key, r.Known, cancellation);
            if (run.TakeLeftState() is { } body)
            {
                if (Follows(body, state)) state = await states.WriteAsync(key, begun.Fence, job.Id, body, r.Known?.Version ?? 0, cancellation);
                run.ForgetLeftState();
                job.Log($"A state that an earlier run could not hand over was found; the newest is version {state?.Version ?? 0}");
            }
            var resources = new EnvironmentResources(place, options.Database.Length > 0 ? options.Database : database.OwnerConnectionString);
            return new(key, r.Known, begun.Fence, job, run, resources, state, tool);
        }
        catch
        {
            await run.DisposeAsync();
            throw;
        }
    }

    /// <summary>A state of the same history, further on than what is known.</summary>
    private static bool Follows(string body, StateVersion? known)
    {
        try
        {
            var (lineage, serial) = StateStore.Read(body);
            return known is null || lineage == known.Lineage && serial > known.Serial;
        }
        catch (InfrastructureException)
        {
            return false;
        }
    }

    private async Task<(ImmutableArray<InfrastructureChange> Changes, IReadOnlyDictionary<string, string> Found)> PlanAsync(
        Work work, ImmutableSortedDictionary<string, string> files, bool destroy, CancellationToken cancellation)
    {
        await SetUpAsync(work, files, new HashSet<string>(), cancellation);
        work.Job.Progress(20, "looking at what is there");
        var known = TerraformRun.Addresses(work.State?.Body);
        var found = destroy || known.Count == 0
            ? []
            : (await work.Resources.FindAsync(cancellation)).Where(f => known.Contains(f.Key)).ToDictionary(f => f.Key, f => f.Value);
        foreach (var (address, problem) in found) work.Job.Log($"{address}: {problem}");
        work.Job.Progress(30, "planning");
        return (await work.Run.PlanAsync(destroy, found, cancellation), found);
    }

    private async Task SetUpAsync(Work work, ImmutableSortedDictionary<string, string> files, IReadOnlySet<string> removable, CancellationToken cancellation)
    {
        work.Run.Prepare(files);
        await work.Run.AttachAsync(Endpoint(work, removable), cancellation);
        await work.Run.InitAsync(cancellation);
    }

    private RunEndpoint Endpoint(Work work, IReadOnlySet<string> removable) => new(work.Key, work.Fence, work.Job.Id, work.Known, states, ledger, work.Resources, removable);

    /// <summary>The files that were planned with, held against their digest.</summary>
    private async Task<ImmutableSortedDictionary<string, string>> FilesAsync(InfrastructureRequest r, CancellationToken cancellation) =>
        CanonicalJson.Read<ImmutableSortedDictionary<string, string>>(
            Encoding.UTF8.GetString(await plans.GetAsync(r.Workspace, r.ConfigurationDigest ?? "", "The configuration that was planned with,", cancellation)));

    /// <summary>As the steps name them: kind and name.</summary>
    private static HashSet<string> Removable(ImmutableArray<InfrastructureChange> changes)
    {
        var gone = new HashSet<string>(StringComparer.Ordinal);
        foreach (var c in changes.Where(c => c is { Action: InfrastructureAction.Delete, Before: not null }))
        {
            var kind = c.Address.Split('.', '[')[1];
            var before = JsonNode.Parse(c.Before!)!;
            gone.Add($"{kind} {before["name"] ?? before["database"]}");
        }
        return gone;
    }

    private List<string> Step()
    {
        if (options.Step.Count > 0) return options.Step;
        var me = Environment.ProcessPath!;
        return Path.GetFileNameWithoutExtension(me) == "dotnet" ? [me, Environment.GetCommandLineArgs()[0], "infrastructure-step"] : [me, "infrastructure-step"];
    }

    private sealed record Work(EnvironmentKey Key, KnownState? Known, long Fence, JobContext Job, TerraformRun Run, EnvironmentResources Resources, StateVersion? State, string Program) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => Run.DisposeAsync();
    }
}
