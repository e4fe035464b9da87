using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using ProdSprint.Kernel;
using ProdSprint.Postgres;

namespace ProdSprint.Secrets;

/// <summary>Keys of a provider that is a real HTTP server of its own.</summary>
public sealed class ApiKeyRotationTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task Rotation_BothKeysWorkInTheOverlap_ThenOnlyTheNewOne()
    {
        using var provider = new KeyProvider();
        await using var bench = await Bench("keys", provider);
        await bench.RunAsync(times: 2);
        var first = await bench.PasswordAsync(bench.State.Current!);
        provider.Working.ShouldBe([first], "made twice, it is one key");
        bench.Rotate();
        await bench.RunAsync(times: 2);
        var second = await bench.PasswordAsync(bench.State.Current!);
        provider.Working.ShouldBe([first, second], ignoreOrder: true);
        bench.Until(SecretJobs.Revoke);
        await bench.RunAsync(times: 2);
        provider.Working.ShouldBe([second]);
        var told = string.Join('\n', bench.Lines);
        foreach (var value in (string[])[first, second, KeyProvider.Admin]) told.ShouldNotContain(value);
    }

    [Fact]
    public async Task KeyThatIsNotLetIn_IsTakenBack_AndTheCurrentOneWorks()
    {
        using var provider = new KeyProvider();
        await using var bench = await Bench("unlucky", provider);
        await bench.RunAsync();
        var first = await bench.PasswordAsync(bench.State.Current!);
        provider.LetsNewOnesIn = false;
        bench.Rotate();
        await bench.RunAsync();
        bench.State.ShouldSatisfyAllConditions(s => s.Current!.Number.ShouldBe(1), s => s.Problem!.ShouldContain("it answered 401"), s => s.Undoing.ShouldBeNull());
        provider.Working.ShouldBe([first], "what was made for nothing is ended");
    }

    [Fact]
    public async Task KeyWhoseAnswerWasLost_IsFoundAgainAndEnded()
    {
        using var provider = new KeyProvider();
        await using var bench = await Bench("lost", provider);
        await bench.RunAsync();
        var first = await bench.PasswordAsync(bench.State.Current!);
        bench.Rotate();
        provider.LosesAnswers = true;
        (await bench.WorkAsync(bench.Asked!)).Problem!.ShouldContain("answered 502");
        provider.Working.Count.ShouldBe(2, "it was made, and nobody heard of it");
        provider.LosesAnswers = false;
        bench.Do(new SecretOutcome(bench.State.Job!, null, "It answered 502."));
        await bench.RunAsync();
        provider.Working.ShouldBe([first]);
    }

    [Fact]
    public async Task Check_OfAKeyThatSomebodyEnded_IsDrift_AndAProviderThatIsAwayIsNot()
    {
        using var provider = new KeyProvider();
        await using var bench = await Bench("ended", provider);
        await bench.RunAsync();
        provider.Broken = true;
        bench.Until(SecretJobs.Check);
        await bench.RunAsync();
        bench.State.Drift.ShouldBeNull();
        provider.Broken = false;
        provider.EndAll();
        bench.Until(SecretJobs.Check);
        await bench.RunAsync();
        bench.State.Drift!.ShouldContain("prodsprint secrets rotate");
        bench.Rotate();
        await bench.RunAsync();
        bench.State.Drift.ShouldBeNull();
        provider.Working.ShouldBe([await bench.PasswordAsync(bench.State.Current!)]);
    }

    [Fact]
    public async Task ProviderInAPrivateNetwork_IsNotAsked()
    {
        using var provider = new KeyProvider();
        await using var bench = await Bench("private", provider, new());
        await bench.RunAsync();
        bench.State.Problem!.ShouldContain("is not https");
        bench.Make(SecretKind.ApiKey, Addresses(provider.Address.Replace("http://127.0.0.1", "https://localhost", StringComparison.Ordinal)));
        await bench.RunAsync();
        bench.State.Problem!.ShouldContain("'localhost' is an address of a private network");
        provider.Asked.ShouldBe(0);
    }

    private async Task<SecretBench> Bench(string name, KeyProvider provider, SecretOptions? options = null)
    {
        var bench = new SecretBench(postgres, name, options ?? new() { AllowPrivate = true });
        bench.Name = bench.Name with { Name = "MAPS_KEY" };
        await AdminAsync(bench);
        bench.Make(SecretKind.ApiKey, Addresses(provider.Address));
        return bench;
    }

    private static ApiKeyProvider Addresses(string at) => new($"{at}/keys", $"{at}/me", $"{at}/keys/{{id}}", "MAPS_ADMIN");

    /// <summary>The secret that makes keys, with its view as its grain would have written it.</summary>
    private async Task AdminAsync(SecretBench bench)
    {
        var name = bench.Name with { Name = "MAPS_ADMIN" };
        var now = bench.Now;
        await bench.Store.PutAsync(name, "given", KeyProvider.Admin, null, bench.Stop);
        var key = GrainKeys.Secret(name.Workspace, name.Project, name.Environment, name.Name);
        var view = new SecretView(
            key, name.Workspace, name.Project, name.Environment, name.Name, SecretKind.Value, SecretPhase.Steady, [new(1, SecretVersionState.Current, "given", 0, null, "user:ana", now, now, null)],
            null, null, 24, null, null, null, null, null, null, null, 1);
        await postgres.ExecuteAsync(
            "INSERT INTO prodsprint.resource_view (key, kind, workspace, project, version, body) VALUES ($1, 'secret', $2, $3, 1, $4::jsonb)", key, name.Workspace, name.Project, KernelJson.Write(view));
    }

    private sealed class KeyProvider : IDisposable
    {
        public const string Admin = "admin-of-the-maps";
        private readonly HttpListener _listener = new();
        private readonly ConcurrentDictionary<string, (string Id, string Key)> _made = new();
        private readonly ConcurrentDictionary<string, bool> _working = new();
        private readonly Task _serving;
        private int _asked;

        public KeyProvider()
        {
            // A listener names its port before it has it: one that is taken is tried again with another.
            for (var attempt = 1; ; attempt++)
            {
                Address = $"http://127.0.0.1:{Random.Shared.Next(20_000, 60_000)}";
                _listener.Prefixes.Clear();
                _listener.Prefixes.Add(Address + "/");
                try
                {
                    _listener.Start();
                    break;
                }
                catch (HttpListenerException) when (attempt < 50)
                {
                }
            }
            _serving = Task.Run(ServeAsync);
        }

        public string Address { get; }

        public bool LetsNewOnesIn { get; set; } = true;

        public bool LosesAnswers { get; set; }

        public bool Broken { get; set; }

        public int Asked => _asked;

        public IReadOnlyList<string> Working => [.. _working.Keys.Select(id => _made.Values.Single(m => m.Id == id).Key)];

        public void EndAll() => _working.Clear();

        public void Dispose()
        {
            _listener.Close();
            _serving.Wait();
        }

        private async Task ServeAsync()
        {
            while (true)
            {
                HttpListenerContext context;
                try
                {
                    context = await _listener.GetContextAsync();
                }
                catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or InvalidOperationException)
                {
                    return;
                }
                Interlocked.Increment(ref _asked);
                var (status, body) = Answer(context.Request);
                context.Response.StatusCode = status;
                await context.Response.OutputStream.WriteAsync(System.Text.Encoding.UTF8.GetBytes(body));
                context.Response.Close();
            }
        }

        private (int Status, string Body) Answer(HttpListenerRequest request)
        {
            var bearer = request.Headers["Authorization"]?.Replace("Bearer ", "", StringComparison.Ordinal);
            if (Broken) return (503, "");
            if (request.Url!.AbsolutePath == "/me") return (_made.Values.Any(m => m.Key == bearer && _working.ContainsKey(m.Id)) && (LetsNewOnesIn || _made.Count == 1) ? 200 : 401, "");
            if (bearer != Admin) return (403, "");
            if (request.HttpMethod == "DELETE") return (_working.TryRemove(request.Url.Segments[^1], out _) ? 204 : 404, "");
            var (id, key) = _made.GetOrAdd(request.Headers["Idempotency-Key"]!, _ =>
            {
                var made = ($"k{Guid.NewGuid():n}", $"given-{Guid.NewGuid():n}");
                _working[made.Item1] = true;
                return made;
            });
            return LosesAnswers ? (502, "") : (201, new JsonObject { ["id"] = id, ["key"] = key }.ToJsonString());
        }
    }
}
