using System.Collections.Concurrent;
using Npgsql;
using ProdSprint.Audit;
using ProdSprint.Data;
using ProdSprint.Infrastructure;
using ProdSprint.Jobs;
using ProdSprint.Kernel;
using ProdSprint.Postgres;

namespace ProdSprint.Secrets;

/// <summary>A secret's machine with the real handlers, a real PostgreSQL and real sealing. Jobs are done when the test says so, and as often.</summary>
internal sealed class SecretBench : IAsyncDisposable, IJobWatch
{
    private static readonly Actor Ana = Actor.User("ana");
    private readonly PostgresFixture _postgres;
    private readonly Dictionary<string, IJobHandler> _handlers;
    private readonly ApiKeyRotator _keys;
    private SecretState? _state;
    private long _version;
    private int _facts;

    public SecretBench(PostgresFixture postgres, string name, SecretOptions? options = null)
    {
        _postgres = postgres;
        // Databases and roles belong to the whole server, which others may use as well.
        Name = new("ws", $"{name}-{Guid.NewGuid().ToString("n")[..8]}", "production", "DATABASE_URL");
        options ??= new();
        Store = new(postgres.Database, new(postgres.Database, new(options, postgres.Database)), new(postgres.Database));
        _keys = new(options, Store);
        Rotators = new([new OutsideValue(Store), new PostgresRotator(new(), postgres.Database, Store), _keys]);
        var audit = new AuditLog(postgres.Database);
        _handlers = ((IJobHandler[])[new PlaceSecretHandler(Rotators, audit), new VerifySecretHandler(Rotators), new CheckSecretHandler(Rotators), new UndoSecretHandler(Rotators), new RevokeSecretHandler(Rotators, new Copies(this), audit), new SecretHoldersHandler(Rotators, new Copies(this), Store), new RemoveSecretHandler(Rotators, Store, audit)])
            .ToDictionary(h => h.Kind);
    }

    public SecretName Name { get; set; }

    public SecretStore Store { get; }

    public SecretRotators Rotators { get; }

    public SecretState State => _state!;

    public DateTimeOffset Now { get; set; } = new(2026, 11, 21, 9, 0, 0, TimeSpan.Zero);

    /// <summary>What the running copies say.</summary>
    public string? Used { get; set; }

    public EnqueueJob? Asked { get; private set; }

    public ConcurrentQueue<string> Lines { get; } = [];

    public CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Key => GrainKeys.Secret(Name.Workspace, Name.Project, Name.Environment, Name.Name);

    public PostgresRole Role(int slot) => PostgresRole.Of(Name, slot);

    /// <summary>What the infrastructure makes: a database that belongs to a role of its own.</summary>
    public async Task GroundAsync()
    {
        var owner = Role(0).Owner;
        await _postgres.ExecuteAsync($"CREATE ROLE \"{owner}\" LOGIN");
        await _postgres.ExecuteAsync($"CREATE DATABASE \"{owner}\" OWNER \"{owner}\" TEMPLATE template0");
        await _postgres.ExecuteAsync($"REVOKE ALL ON DATABASE \"{owner}\" FROM PUBLIC");
    }

    public void Do(SecretCommand command)
    {
        var decision = SecretMachine.Decide(_state, Key, _version, command, Now);
        decision.Rejection.ShouldBeNull();
        _state = decision.Events.Aggregate(_state, SecretMachine.Apply);
        if (decision.Events.Count > 0) _version++;
        Asked = decision.Effects.OfType<EnqueueJob>().SingleOrDefault();
        foreach (var happened in decision.Events) Lines.Enqueue($"{_facts++} {SecretViews.Fact(happened, _state!)} {KernelJson.Write(happened)}");
        if (_state is not null) Lines.Enqueue(KernelJson.Write(SecretViews.View(_state, Key, _version)));
        foreach (var effect in decision.Effects) Lines.Enqueue(KernelJson.Write(effect));
    }

    public void Make(SecretKind kind = SecretKind.PostgresPassword, ApiKeyProvider? provider = null) => Do(new SetSecret(kind, null, provider, Ana, null));

    public void Rotate() => Do(new RotateSecret(null, Ana, null));

    /// <summary>Carries out a job and says what came of it; the machine hears nothing of it.</summary>
    public async Task<(object? Result, string? Problem)> WorkAsync(EnqueueJob job, CancellationToken? stop = null)
    {
        try
        {
            var json = await _handlers[job.Kind].RunAsync(new(new(State.Job ?? "past", Name.Workspace, Name.Project, job.Kind, Key, job.PayloadJson, 1, 1, TimeSpan.FromMinutes(1), 0), this), stop ?? Stop);
            return (job.Kind == SecretJobs.Place ? KernelJson.Read<SecretPlaced>(json!) : KernelJson.Read<SecretLooked>(json!), null);
        }
        catch (JobFailedException e)
        {
            return (null, e.Full);
        }
    }

    /// <summary>Job after job until none is asked for, each of them done as often.</summary>
    public async Task RunAsync(int times = 1)
    {
        while (Asked is { } job)
        {
            (object? Result, string? Problem) outcome = default;
            for (var i = 0; i < times; i++) outcome = await WorkAsync(job);
            Do(new SecretOutcome(State.Job!, outcome.Result, outcome.Problem));
        }
    }

    /// <summary>The view as the grain writes it with its state.</summary>
    public async Task SeenAsync()
    {
        await _postgres.ExecuteAsync("DELETE FROM prodsprint.resource_view WHERE key = $1", Key);
        await _postgres.ExecuteAsync(
            "INSERT INTO prodsprint.resource_view (key, kind, workspace, project, version, body) VALUES ($1, 'secret', $2, $3, 1, $4::jsonb)", Key, Name.Workspace, Name.Project, KernelJson.Write(SecretViews.View(State, Key, 1)));
    }

    /// <summary>Time passes to the next deadline of that kind.</summary>
    public void Until(string kind)
    {
        for (var i = 0; i < 100; i++)
        {
            Now = SecretMachine.DueAt(State)!.Value;
            Do(new SecretTick());
            if (Asked?.Kind == kind) return;
            Do(new SecretOutcome(State.Job!, new SecretLooked(null), null));
        }
        throw new ShouldAssertException($"No {kind} in a hundred deadlines.");
    }

    /// <summary>As an application would, with nothing but what it was given.</summary>
    public async Task<string> SignInAsync(SecretVersion version)
    {
        var given = new Uri(Rotators.Of(State.Kind).HandOut(Name, (await Store.OpenAsync(Name, version.Reference, Stop))!));
        var socket = given.Query.StartsWith("?host=", StringComparison.Ordinal) ? Uri.UnescapeDataString(given.Query[6..]) : given.Host;
        var user = given.UserInfo.Split(':');
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder { Host = socket, Port = given.Port, Username = user[0], Password = user[1], Database = given.AbsolutePath[1..], Pooling = false }.ConnectionString);
        await connection.OpenAsync(Stop);
        return (string)(await new NpgsqlCommand("SELECT session_user || ' as ' || current_user", connection).ExecuteScalarAsync(Stop))!;
    }

    public async Task<NpgsqlConnection> OpenAsync(int slot, string password)
    {
        var connection = new NpgsqlConnection(Role(slot).ConnectionString(_postgres.Database.OwnerConnectionString, password));
        await connection.OpenAsync(Stop);
        return connection;
    }

    public async Task<string> PasswordAsync(SecretVersion version) => (await Store.OpenAsync(Name, version.Reference, Stop))!.Value;

    public void Log(Job job, string line) => Lines.Enqueue(line);

    public void Progress(Job job, double percent, string text) => Lines.Enqueue(text);

    public async ValueTask DisposeAsync()
    {
        _keys.Dispose();
        await _postgres.ExecuteAsync($"DROP DATABASE IF EXISTS \"{Role(0).Owner}\" WITH (FORCE)");
        foreach (var role in (string[])[Role(0).Name, Role(1).Name, Role(0).Owner]) await _postgres.ExecuteAsync($"DROP ROLE IF EXISTS \"{role}\"");
    }

    private sealed class Copies(SecretBench bench) : ISecretUse
    {
        public string? Find(SecretRequest request) => bench.Used;

        public string? Holders(SecretRequest request) => bench.Used;
    }
}
