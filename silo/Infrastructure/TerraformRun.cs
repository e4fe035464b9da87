using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ProdSprint.Deploy;
using ProdSprint.Jobs;

namespace ProdSprint.Infrastructure;

/// <summary>One run of Terraform on one environment, from taking over to the last word. Make it with <see cref="TerraformRuns"/>.</summary>
internal sealed class TerraformRun : IAsyncDisposable
{
    private const string PlanFile = "approved.tfplan", PlanText = "plan.json";

    private readonly EnvironmentPlace _place;
    private readonly string _program;
    private readonly string _marker;
    private readonly IReadOnlyList<string> _step;
    private readonly TimeProvider _time;
    private readonly BuildLog _log;
    private readonly string _plugins;
    private IReadOnlyDictionary<string, string> _address = new Dictionary<string, string>();
    private RunEndpoint? _endpoint;

    public TerraformRun(EnvironmentPlace place, string program, string marker, IReadOnlyList<string> step, JobContext job, TimeProvider time)
    {
        (_place, _program, _marker, _step, _time) = (place, program, marker, step, time);
        _plugins = Path.Combine(place.Work, "home");
        _log = new BuildLog(place.Log, 4 << 20, job.Log);
    }

    public string Last => _log.Last(15);

    /// <summary>Of the plan that was read last.</summary>
    public CostDifference? Cost { get; private set; }

    /// <summary>Only these files, and what Terraform left in its own.</summary>
    public void Prepare(ImmutableSortedDictionary<string, string> files)
    {
        Directory.CreateDirectory(_plugins, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        foreach (var old in Directory.EnumerateFiles(_place.Work, "*.tf").Append(Path.Combine(_place.Work, PlanFile)).Append(Path.Combine(_place.Work, PlanText)).ToList()) File.Delete(old);
        foreach (var (name, text) in files) File.WriteAllText(Path.Combine(_place.Work, Path.GetFileName(name)), text, new UTF8Encoding(false));
        var step = Path.Combine(_place.Work, "step");
        File.WriteAllText(step, $"#!/bin/sh\nexec {string.Join(' ', _step.Select(Quoted))} \"$@\"\n", new UTF8Encoding(false));
        File.SetUnixFileMode(step, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>What runs of an earlier attempt that was killed is ended before anything else.</summary>
    public Task EndLeftoversAsync(CancellationToken cancellation) => ProcessTable.KillTreeAsync(0, _marker, cancellation);

    /// <summary>A state that Terraform could not hand over when its server died; null: there is none.</summary>
    public string? TakeLeftState()
    {
        var file = Path.Combine(_place.Work, "errored.tfstate");
        return File.Exists(file) && new FileInfo(file).Length <= StateStore.LargestBytes ? File.ReadAllText(file) : null;
    }

    public void ForgetLeftState() => File.Delete(Path.Combine(_place.Work, "errored.tfstate"));

    /// <summary>From here on Terraform speaks to this endpoint; one that was there before has had its time.</summary>
    public async Task AttachAsync(RunEndpoint endpoint, CancellationToken cancellation)
    {
        if (_endpoint is not null) await _endpoint.DisposeAsync();
        _endpoint = endpoint;
        _address = await endpoint.StartAsync(cancellation);
    }

    public async Task InitAsync(CancellationToken cancellation) => Expect(await RunAsync("Setting up", "init -input=false -no-color -reconfigure", cancellation), "could not be set up");

    /// <param name="found">By address: repaired with the plan.</param>
    public async Task<ImmutableArray<InfrastructureChange>> PlanAsync(bool destroy, IReadOnlyDictionary<string, string> found, CancellationToken cancellation)
    {
        var options = new StringBuilder($"plan -input=false -no-color -out={PlanFile}");
        if (destroy) options.Append(" -destroy");
        else foreach (var address in found.Keys.Order(StringComparer.Ordinal)) options.Append($" {Quoted($"-replace={address}")}");
        Expect(await RunAsync("Planning", options.ToString(), cancellation), "could not be planned");
        return await ChangesAsync(found, cancellation);
    }

    public byte[] ReadPlan() => File.ReadAllBytes(Path.Combine(_place.Work, PlanFile));

    public void WritePlan(byte[] file) => File.WriteAllBytes(Path.Combine(_place.Work, PlanFile), file);

    public async Task ApplyAsync(CancellationToken cancellation) =>
        Expect(await RunAsync("Applying", $"apply -input=false -no-color {PlanFile}", cancellation), "could not be applied");

    /// <summary>Addresses that Terraform knows of.</summary>
    public static IReadOnlySet<string> Addresses(string? state)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        if (state is null) return found;
        foreach (var resource in JsonNode.Parse(state)!["resources"]?.AsArray() ?? [])
            foreach (var instance in resource!["instances"]?.AsArray() ?? [])
                found.Add($"{resource["type"]}.{resource["name"]}{(instance!["index_key"] is { } index ? $"[{index.ToJsonString()}]" : "")}");
        return found;
    }

    public async ValueTask DisposeAsync()
    {
        if (_endpoint is not null) await _endpoint.DisposeAsync();
        _log.Dispose();
    }

    private async Task<ImmutableArray<InfrastructureChange>> ChangesAsync(IReadOnlyDictionary<string, string> found, CancellationToken cancellation)
    {
        Expect(await RunAsync("Reading the plan", $"show -json -no-color {PlanFile} > {PlanText}", cancellation), "could not be read");
        try
        {
            var json = await File.ReadAllTextAsync(Path.Combine(_place.Work, PlanText), cancellation);
            Cost = PlanCost.Of(json);
            return TerraformPlan.Changes(json, found);
        }
        catch (JsonException e)
        {
            throw new InfrastructureException($"{Path.GetFileName(_program)} wrote a plan that cannot be read: {e.Message}", "use Terraform or OpenTofu 1.6 or newer");
        }
    }

    private void Expect(int code, string what)
    {
        if (code == 0) return;
        if (_endpoint?.Problem is { } problem) throw problem;
        throw new InfrastructureException(
            $"The infrastructure of {_place.Key.Environment} {what} ({Path.GetFileName(_program)} ended with {code}). Last lines:\n{Last}\n", "mend what it says, then try again: prodsprint infrastructure show");
    }

    private async Task<int> RunAsync(string title, string words, CancellationToken cancellation)
    {
        _log.Line($"$ {Path.GetFileName(_program)} {words}");
        var environment = new Dictionary<string, string>(_address)
        {
            ["PATH"] = Environment.GetEnvironmentVariable("PATH") is { Length: > 0 } path ? path : "/usr/local/bin:/usr/bin:/bin",
            ["HOME"] = _plugins,
            ["LANG"] = "C.UTF-8",
            ["TF_IN_AUTOMATION"] = "1",
            ["TF_INPUT"] = "0",
            ["CHECKPOINT_DISABLE"] = "1", // it asks its maker whether there is a newer one
            ["PRODSPRINT_STEP"] = Path.Combine(_place.Work, "step"),
        };
        // Where .NET lies when it is not where its launchers look by themselves: a step is this program.
        if (Environment.GetEnvironmentVariable("DOTNET_ROOT") is { Length: > 0 } dotnet) environment["DOTNET_ROOT"] = dotnet;
        try
        {
            return await ChildProcess.RunAsync(
                new($"{title} the infrastructure", $"{Quoted(_program)} {words}", _place.Work, environment, _marker, [], TimeSpan.FromMinutes(25), [_place.Work], 1L << 30, 16L << 20, 4096), _log, _time, cancellation);
        }
        catch (DeployException e)
        {
            throw new InfrastructureException(e.Message, "mend it, then try again: prodsprint infrastructure show");
        }
    }

    private static string Quoted(string word) => $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
