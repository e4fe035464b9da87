using System.Net.Sockets;
using ProdSprint.Plans;

namespace ProdSprint.Deploy;

/// <param name="Detail">What was answered, or why nothing was.</param>
internal readonly record struct HealthAnswer(bool Healthy, string Detail);

/// <summary>Asks a running copy whether it is well: one GET, 200 to 399 is healthy, redirects are not followed.</summary>
internal sealed class HealthProbe : IDisposable
{
    /// <summary>For a service whose plan names no health check: any answer below 500 at its root.</summary>
    private static readonly HealthCheckPlan Unplanned = new("/", TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(60), 3);

    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false, UseCookies = false, UseProxy = false, PooledConnectionLifetime = TimeSpan.Zero, MaxResponseDrainSize = 64 << 10,
    })
    { Timeout = Timeout.InfiniteTimeSpan };

    public static HealthCheckPlan PlanOf(ServicePlan s) => s.Health ?? Unplanned;

    public async Task<HealthAnswer> AskAsync(InstanceRecord r, TimeProvider time, CancellationToken cancellation)
    {
        if (r.Port == 0) return new(true, "a worker: it runs");
        var plan = PlanOf(r.Service);
        var path = plan.Path.StartsWith('/') ? plan.Path : "/" + plan.Path;
        using var limit = new CancellationTokenSource(plan.Timeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        try
        {
            using var answer = await _http.GetAsync(new Uri($"http://{r.Address}{path}"), HttpCompletionOption.ResponseHeadersRead, both.Token);
            var code = (int)answer.StatusCode;
            var healthy = r.Service.Health is null ? code < 500 : code is >= 200 and < 400;
            return new(healthy, $"GET {path} answered {code} {answer.StatusCode}");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new(false, $"GET {path} was not answered within {ChildProcess.Text(plan.Timeout)}");
        }
        catch (HttpRequestException e)
        {
            return new(false, e.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused }
                ? $"nothing listens on port {r.Port}"
                : $"GET {path} failed: {e.InnerException?.Message ?? e.Message}");
        }
    }

    public void Dispose() => _http.Dispose();
}
