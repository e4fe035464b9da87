using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ProdSprint.Infrastructure;

/// <summary>
/// What one run of Terraform sees of ProdSprint: its state, its lock and the steps of its resources, on a loopback port and behind a password that both end with the run.
/// Terraform's own <c>http</c> backend speaks to it, so every state it writes is in PostgreSQL before it goes on.
/// </summary>
internal sealed class RunEndpoint(
    EnvironmentKey key, long fence, string run, KnownState? known, StateStore states, RunLedger ledger, EnvironmentResources resources, IReadOnlySet<string> removable) : IAsyncDisposable
{
    private const string User = "run";

    private readonly string _password = RandomNumberGenerator.GetHexString(48, lowercase: true);
    private readonly CancellationTokenSource _over = new();
    private WebApplication? _app;

    /// <summary>Why something was refused: Terraform tells it as a number.</summary>
    public InfrastructureException? Problem { get; private set; }

    /// <summary>Environment variables for Terraform and for the steps it starts. The password is in them, and nowhere on disk.</summary>
    public async Task<IReadOnlyDictionary<string, string>> StartAsync(CancellationToken cancellation)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(k =>
        {
            k.AddServerHeader = false;
            k.Limits.MaxRequestBodySize = StateStore.LargestBytes;
            k.Listen(IPAddress.Loopback, 0);
        });
        _app = builder.Build();
        _app.Run(AnswerAsync);
        await _app.StartAsync(cancellation);
        var address = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        return new Dictionary<string, string>
        {
            ["TF_HTTP_ADDRESS"] = $"{address}/state",
            ["TF_HTTP_LOCK_ADDRESS"] = $"{address}/lock",
            ["TF_HTTP_UNLOCK_ADDRESS"] = $"{address}/lock",
            ["TF_HTTP_LOCK_METHOD"] = "LOCK",
            ["TF_HTTP_UNLOCK_METHOD"] = "UNLOCK",
            ["TF_HTTP_USERNAME"] = User,
            ["TF_HTTP_PASSWORD"] = _password,
            ["TF_HTTP_RETRY_MAX"] = "2",
            [StepClient.AddressVariable] = address,
            [StepClient.PasswordVariable] = _password,
        };
    }

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        if (_app is not null) await _app.DisposeAsync();
        _over.Dispose();
    }

    private async Task AnswerAsync(HttpContext http)
    {
        var (status, text) = (StatusCodes.Status401Unauthorized, "Who are you?");
        if (Authorised(http.Request))
        {
            try
            {
                using var either = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, _over.Token);
                (status, text) = await AnswerAsync(http.Request, either.Token);
            }
            catch (InfrastructureException e)
            {
                Problem ??= e;
                (status, text) = (StatusCodes.Status409Conflict, $"{e.Message} Next: {e.Next}");
            }
            catch (Exception e) when (e is Npgsql.NpgsqlException or IOException or UnauthorizedAccessException)
            {
                (status, text) = (StatusCodes.Status503ServiceUnavailable, e.Message);
            }
        }
        http.Response.StatusCode = status;
        var bytes = Encoding.UTF8.GetBytes(text);
        http.Response.ContentLength = bytes.Length;
        if (bytes.Length > 0) await http.Response.Body.WriteAsync(bytes);
    }

    private async Task<(int Status, string Text)> AnswerAsync(HttpRequest request, CancellationToken cancellation)
    {
        switch (request.Method, request.Path.Value)
        {
            case ("GET", "/state"):
                return await states.NewestAsync(key, known, cancellation) is { } state ? (200, state.Body) : (404, "");
            case ("POST", "/state"):
                await states.WriteAsync(key, fence, run, await BodyAsync(request, cancellation), known?.Version ?? 0, cancellation);
                return (200, "");
            case ("LOCK", "/lock"):
                return await ledger.LockAsync(key, fence, await BodyAsync(request, cancellation), cancellation) is { } held ? (423, held) : (200, "");
            case ("UNLOCK", "/lock"):
                await ledger.UnlockAsync(key, fence, cancellation);
                return (200, "");
            case ("POST", { } path) when path.Split('/') is ["", "steps", var verb, var kind, var name]:
                return (200, await StepAsync(verb, kind, name, cancellation));
            default:
                return (404, "");
        }
    }

    private Task<string> StepAsync(string verb, string kind, string name, CancellationToken cancellation) => verb switch
    {
        "ensure" => resources.EnsureAsync(kind, name, cancellation),
        // Terraform takes away what it replaces. A repair takes nothing away, and a database least of all: only what the plan that was approved says goes.
        "remove" when removable.Contains($"{kind} {name}") => resources.RemoveAsync(kind, name, cancellation),
        "remove" => Task.FromResult($"{kind} {name} stays: it is put right in place"),
        _ => throw new InfrastructureException($"There is no step '{verb}'.", "plan anew: prodsprint infrastructure plan"),
    };

    private static async Task<string> BodyAsync(HttpRequest request, CancellationToken cancellation)
    {
        using var reader = new StreamReader(request.Body, Encoding.UTF8);
        return await reader.ReadToEndAsync(cancellation);
    }

    private bool Authorised(HttpRequest request)
    {
        var expected = Encoding.ASCII.GetBytes("Basic " + Convert.ToBase64String(Encoding.ASCII.GetBytes($"{User}:{_password}")));
        return CryptographicOperations.FixedTimeEquals(expected, Encoding.ASCII.GetBytes(request.Headers.Authorization.ToString()));
    }
}
