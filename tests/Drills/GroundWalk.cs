using System.Diagnostics;
using System.Text.Json.Nodes;
using Npgsql;
using ProdSprint.Infrastructure;
using ProdSprint.Projects;

namespace ProdSprint.Drills;

/// <summary>What a walk has shown; what must not be is looked for on the way.</summary>
/// <param name="Stood">All boundaries, in order.</param>
/// <param name="Killed">Those at which the server was killed.</param>
/// <param name="Books">What is written down in the end.</param>
internal sealed record GroundWalkResult(IReadOnlyList<string> Stood, IReadOnlyList<string> Killed, IReadOnlyList<string> Books, TimeSpan Took);

/// <summary>One environment from plan over approval to applied, put back after a drift, and taken away again; each order carried out before the next is given.</summary>
internal sealed class GroundWalk
{
    private const string Environment = "staging";
    private readonly GroundedInstallation _place;
    private readonly string _project;
    private readonly EnvironmentPlace _ground;
    private readonly string _machine, _path;
    private readonly Kills _kills;

    private GroundWalk(GroundedInstallation place, string project, Boundaries boundaries, Func<int, bool?> at)
    {
        (_place, _project) = (place, project);
        _ground = new(place.InfrastructureRoot, new("default", project, Environment));
        (_machine, _path) = ($"infrastructure/default/{project}/{Environment}", $"/v1/projects/{project}/infrastructure/{Environment}");
        _kills = new(place, boundaries, at, _ => Task.CompletedTask);
    }

    /// <param name="at">By the number of the boundary, see <see cref="Kills"/>.</param>
    public static async Task<GroundWalkResult> RunAsync(GroundedInstallation place, Func<int, bool?> at)
    {
        var project = place.NextProject();
        using (var api = place.Client("ana")) await ImportCommand.Import(api, place.RepositoryOf(DrillApp.Name), project, CancellationToken.None);
        await using var boundaries = await Boundaries.OfAsync(place, project);
        place.Witness.Hold(what => !boundaries.HasPassed(what));
        var walk = new GroundWalk(place, project, boundaries, at);
        var from = Stopwatch.StartNew();
        try
        {
            await walk.WalkAsync();
        }
        finally
        {
            place.Witness.Hold(_ => false);
        }
        var took = from.Elapsed;
        await place.ReadyAsync();
        return new(walk._kills.Stood, walk._kills.Killed, await Books.OfAsync(place, project), took);
    }

    private async Task WalkAsync()
    {
        await AppliedAsync(destroy: false, 1, "applied");
        await StandsAsync();
        var (secret, made) = (_ground.ReadSecret(LocalConfiguration.DatabasePassword), await DatabaseIdAsync());
        await LeaveAsync("kept");

        // What is found is what was taken away, and nothing else: another apply has nothing to do.
        Directory.Delete(Path.Combine(_ground.Directory, "data"));
        await DoAsync("/drift", new { }, v => v["job"] is null && v["drift"] is not null);
        var drift = (await ViewAsync())["drift"]!;
        drift["changes"]!.AsArray().Select(c => c!["address"]!.ToString()).ShouldBe(["terraform_data.directory[\"data\"]"]);
        await DoAsync("/drift/reapply", new { digest = drift["digest"]!.ToString() }, v => v["job"] is null && v["drift"] is null);
        await StandsAsync();
        (_ground.ReadSecret(LocalConfiguration.DatabasePassword), await DatabaseIdAsync()).ShouldBe((secret, made));
        (await LeftAsync()).ShouldBe("kept");

        await AppliedAsync(destroy: true, 2, "destroyed");
        await IsWholeAsync(addresses: 0);
        (await RolesAndDatabasesAsync()).ShouldBe(0);
        Directory.EnumerateFileSystemEntries(_ground.Directory).ShouldBeEmpty();
    }

    private async Task AppliedAsync(bool destroy, int number, string phase)
    {
        await DoAsync("/plan", new { destroy }, v => v["phase"]!.ToString() is "planned" or "failed" && v["plan"]?["number"]?.GetValue<int>() is var n && (n is null || n == number), $"project/default/{_project}");
        var planned = await ViewAsync();
        planned["problem"].ShouldBeNull();
        planned["plan"]!["changes"]!.AsArray().Count.ShouldBe(6);
        var digest = planned["plan"]!["digest"]!.ToString();
        await DoAsync("/approve", new { digest }, v => v["phase"]!.ToString() == "approved");
        await DoAsync("/apply", new { }, v => v["phase"]!.ToString() is "applied" or "destroyed" or "failed");
        var applied = await ViewAsync();
        applied["problem"].ShouldBeNull();
        applied["phase"]!.ToString().ShouldBe(phase);
        applied["plan"]!["digest"]!.ToString().ShouldBe(digest, "what was approved is what is applied");
        if (!destroy) applied["baseline"]!["planDigest"]!.ToString().ShouldBe(digest);
    }

    /// <summary>Each resource is there once, as it should be.</summary>
    private async Task StandsAsync()
    {
        await IsWholeAsync(addresses: 6);
        (await RolesAndDatabasesAsync()).ShouldBe(2);
        Directory.EnumerateFileSystemEntries(_ground.Directory).Select(Path.GetFileName).Order().ShouldBe(["data", "secrets"]);
        Directory.EnumerateFileSystemEntries(Path.Combine(_ground.Directory, "secrets")).Select(Path.GetFileName).ShouldBe([LocalConfiguration.DatabasePassword]);
        foreach (var directory in LocalConfiguration.Directories) _ground.DirectoryProblem(directory).ShouldBeNull();
        _ground.SecretProblem(LocalConfiguration.DatabasePassword).ShouldBeNull();
    }

    /// <summary>No lock is left, nothing of Terraform runs any more or could not be handed over, and its state is one history that ends where it should.</summary>
    private async Task IsWholeAsync(int addresses)
    {
        (await _place.AskDatabaseAsync<bool>("SELECT bool_and(lock_id IS NULL AND lock_info IS NULL) FROM prodsprint.infrastructure_run WHERE project = $1", _project)).ShouldBeTrue();
        (await _place.AskDatabaseAsync<bool>(
            """
            SELECT bool_and(serial > before AND lineage = first) FROM (
              SELECT serial, lag(serial, 1, -1::bigint) OVER w AS before, lineage, first_value(lineage) OVER w AS first FROM prodsprint.infrastructure_state WHERE project = $1 WINDOW w AS (ORDER BY version)) s
            """, _project)).ShouldBeTrue("one history, each state further on than the one before");
        File.Exists(Path.Combine(_ground.Work, "errored.tfstate")).ShouldBeFalse();
        Directory.EnumerateDirectories("/proc").Where(p => Link(Path.Combine(p, "cwd"))?.StartsWith(_ground.Work, StringComparison.Ordinal) is true).ShouldBeEmpty();
        using var api = _place.Client("ana");
        var states = (await api.Get($"{_path}/states", CancellationToken.None))["items"]!.AsArray();
        states.ShouldAllBe(s => (bool)s!["sound"]!);
        if ((await ViewAsync())["baseline"] is { } baseline) states[0]!["digest"]!.ToString().ShouldBe(baseline["stateDigest"]!.ToString());
        var newest = await _place.AskDatabaseAsync<string>("SELECT body FROM prodsprint.infrastructure_state WHERE project = $1 ORDER BY version DESC LIMIT 1", _project);
        JsonNode.Parse(newest)!["resources"]!.AsArray().Sum(r => r!["instances"]!.AsArray().Count).ShouldBe(addresses);
    }

    private Task<long> RolesAndDatabasesAsync() => _place.AskDatabaseAsync<long>(
        "SELECT (SELECT count(*) FROM pg_database WHERE datname = $1) + (SELECT count(*) FROM pg_roles WHERE rolname = $1)", _ground.DatabaseName);

    private Task<uint> DatabaseIdAsync() => _place.AskDatabaseAsync<uint>("SELECT oid FROM pg_database WHERE datname = $1", _ground.DatabaseName);

    /// <summary>As the environment's own role, with its secret.</summary>
    private Task LeaveAsync(string what) => SignedInAsync($"CREATE TABLE left_here AS SELECT '{what}' AS what");

    private Task<string> LeftAsync() => SignedInAsync("SELECT what FROM left_here");

    private async Task<string> SignedInAsync(string sql)
    {
        await using var owner = await _place.OpenDatabaseAsync();
        await using var connection = new NpgsqlConnection(_ground.ConnectionString(owner.ConnectionString));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync() as string ?? "";
    }

    /// <param name="machine">Who is given the order; the environment, if nobody else.</param>
    private async Task DoAsync(string verb, object body, Func<JsonNode, bool> done, string? machine = null)
    {
        var before = await VersionAsync(machine ?? _machine);
        await _kills.UntilAsync(new(() => PostAsync(verb, body), async () => await VersionAsync(machine ?? _machine) > before, () => OverAsync(done)), _project);
        await _place.ReadyAsync();
    }

    private async Task PostAsync(string verb, object body)
    {
        using var api = _place.Client("ana");
        await api.Post(_path + verb, body, CancellationToken.None);
    }

    /// <summary>People see it, every job is done and told, and no machine has decided anything that is not carried out.</summary>
    private async Task<bool> OverAsync(Func<JsonNode, bool> done) =>
        await FindViewAsync() is { } view && done(view) && await _place.AskDatabaseAsync<bool>(
            """
            SELECT NOT EXISTS (SELECT FROM prodsprint.job WHERE project = $1 AND (state < 2 OR NOT told))
              AND NOT EXISTS (SELECT FROM orleans.orleansstorage s WHERE split_part(grainidextensionstring, '/', 1) IN ('project', 'infrastructure') AND split_part(grainidextensionstring, '/', 3) = $1
                AND NOT EXISTS (SELECT FROM prodsprint.timeline t WHERE t.grain_key = s.grainidextensionstring AND t.version = s.version))
            """, _project);

    private Task<long> VersionAsync(string machine) => _place.AskDatabaseAsync<long>("SELECT coalesce(max(version), 0)::bigint FROM orleans.orleansstorage WHERE grainidextensionstring = $1", machine);

    private async Task<JsonNode> ViewAsync() => (await FindViewAsync())!;

    /// <summary>From the read model, also while no server is there.</summary>
    private async Task<JsonNode?> FindViewAsync() =>
        JsonNode.Parse(await _place.AskDatabaseAsync<string>("SELECT coalesce((SELECT body::text FROM prodsprint.resource_view WHERE key = $1), 'null')", _machine));

    private static string? Link(string path)
    {
        try
        {
            return new FileInfo(path).LinkTarget;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // it has ended meanwhile
        }
    }
}
