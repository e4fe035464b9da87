using System.Collections.Concurrent;
using Npgsql;
using ProdSprint.Jobs;
using ProdSprint.Postgres;

namespace ProdSprint.Infrastructure;

/// <summary>One environment with the real Terraform, a real PostgreSQL and a folder of its own.</summary>
internal sealed class TerraformBench : IAsyncDisposable, IJobWatch
{
    private readonly PostgresFixture _postgres;
    private int _jobs;

    public TerraformBench(PostgresFixture postgres, string project)
    {
        _postgres = postgres;
        // Databases and roles belong to the whole server, which others may use as well.
        Key = new("ws", $"{project}-{Guid.NewGuid().ToString("n")[..8]}", "production");
        Options = new() { Root = Directory.CreateTempSubdirectory("prodsprint-infrastructure-").FullName, Step = [Storage.Program.Path, "infrastructure-step"] };
        Place = new(Options.Root, Key);
        (States, Ledger, Plans) = (new(postgres.Database), new(postgres.Database), new(postgres.Database));
        Runs = new(Options, postgres.Database, States, Ledger, Plans, new(Options), TimeProvider.System);
    }

    public EnvironmentKey Key { get; }

    public InfrastructureOptions Options { get; }

    public EnvironmentPlace Place { get; }

    public StateStore States { get; }

    public RunLedger Ledger { get; }

    public PlanFiles Plans { get; }

    public TerraformRuns Runs { get; }

    public ConcurrentQueue<string> Lines { get; } = [];

    public CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Where it is not installed, what needs it is left out by name.</summary>
    public static void NeedsTerraform() => Assert.SkipWhen(new TerraformProgram(new()).Look() is null, "Neither tofu nor terraform is installed here.");

    public InfrastructureRequest Request(InfrastructurePlan? plan = null) => new(
        Key.Workspace, Key.Project, Key.Environment, 1, plan?.Destroy ?? false, plan, plan?.Changes ?? [], plan?.ConfigurationDigest, null, null);

    public JobContext Job(string payload = "{}") => new(new($"job@{Interlocked.Increment(ref _jobs)}.0", Key.Workspace, Key.Project, "infrastructure", null, payload, 1, 1, TimeSpan.FromMinutes(5), 0), this);

    public Task<InfrastructurePlan> PlanAsync(bool destroy = false) => Runs.PlanAsync(Request() with { Destroy = destroy }, Job(), Stop);

    public Task<InfrastructureApplied> ApplyAsync(InfrastructurePlan plan) => Runs.ApplyAsync(Request(plan), Job(), Stop);

    public Task<DriftFound> CheckAsync(InfrastructurePlan plan) => Runs.CheckAsync(Request() with { ConfigurationDigest = plan.ConfigurationDigest }, Job(), Stop);

    public Task<T?> AskAsync<T>(string sql) => _postgres.ScalarAsync<T>(sql);

    /// <summary>As whoever owns the database, past every rule of ours.</summary>
    public Task ForceAsync(string sql) => _postgres.ExecuteAsync($"SET session_replication_role = replica; {sql}; SET session_replication_role = DEFAULT");

    public Task<int> ExecuteAsync(string sql) => _postgres.ExecuteAsync(sql);

    /// <summary>As the environment's own role, with its secret.</summary>
    public async Task<string> SignInAsync()
    {
        await using var connection = new NpgsqlConnection(Place.ConnectionString(_postgres.Database.OwnerConnectionString));
        await connection.OpenAsync(Stop);
        return (string)(await new NpgsqlCommand("SELECT current_user || ' in ' || current_database()", connection).ExecuteScalarAsync(Stop))!;
    }

    public void Log(Job job, string line) => Lines.Enqueue(line);

    public void Progress(Job job, double percent, string text) => Lines.Enqueue(text);

    public async ValueTask DisposeAsync()
    {
        await _postgres.ExecuteAsync($"DROP DATABASE IF EXISTS \"{Place.DatabaseName}\" WITH (FORCE)");
        await _postgres.ExecuteAsync($"DROP ROLE IF EXISTS \"{Place.DatabaseName}\"");
        Directory.Delete(Options.Root, recursive: true);
    }
}
