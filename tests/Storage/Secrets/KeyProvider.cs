using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using ProdSprint.Http;
using ProdSprint.Kernel;
using ProdSprint.Postgres;

namespace ProdSprint.Secrets;

/// <summary>A provider of keys, by the contract of <see cref="ApiKeyProvider"/>: a real HTTP server of its own.</summary>
internal sealed class KeyProvider : IDisposable
{
    public const string Admin = "admin-of-the-maps";
    private readonly HttpListener _listener;
    private readonly ConcurrentDictionary<string, (string Id, string Key)> _made = new();
    private readonly ConcurrentDictionary<string, bool> _working = new();
    private readonly Task _serving;
    private int _asked;

    public KeyProvider()
    {
        (_listener, var url) = AnyPort.Listen();
        Address = url.GetLeftPart(UriPartial.Authority);
        _serving = Task.Run(ServeAsync);
    }

    public string Address { get; }

    public bool LetsNewOnesIn { get; set; } = true;

    public bool LosesAnswers { get; set; }

    public bool Broken { get; set; }

    public int Asked => _asked;

    public IReadOnlyList<string> Working => [.. _working.Keys.Select(id => _made.Values.Single(m => m.Id == id).Key)];

    public void EndAll() => _working.Clear();

    /// <summary>A secret whose keys this makes, for a secret MAPS_ADMIN; its first key is asked for.</summary>
    public async Task<SecretBench> BenchAsync(PostgresFixture postgres, string name, SecretOptions? options = null)
    {
        var bench = new SecretBench(postgres, name, options ?? new() { AllowPrivate = true });
        bench.Name = bench.Name with { Name = "MAPS_KEY" };
        await AdminAsync(postgres, bench);
        bench.Make(SecretKind.ApiKey, Addresses(Address));
        return bench;
    }

    public static ApiKeyProvider Addresses(string at) => new($"{at}/keys", $"{at}/me", $"{at}/keys/{{id}}", "MAPS_ADMIN");

    /// <summary>The secret that makes keys, with its view as its grain would have written it.</summary>
    private static async Task AdminAsync(PostgresFixture postgres, SecretBench bench)
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
