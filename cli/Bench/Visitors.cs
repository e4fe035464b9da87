using System.Collections.Concurrent;
using System.Diagnostics;

namespace ProdSprint.Bench;

/// <param name="Sent">Stopwatch timestamp before the request was written.</param>
/// <param name="Answer">What the server said, or <c>failed: …</c>.</param>
internal sealed record Visit(int Environment, long Sent, string Answer)
{
    public bool Failed => Answer.StartsWith("failed", StringComparison.Ordinal);
}

/// <summary>Constant visits to many environments, each at its own moment, so that they do not come in waves.</summary>
internal sealed class Visitors : IAsyncDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(10) };
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<Visit> _visits = new();
    private readonly Task _running;

    public Visitors(IReadOnlyList<Uri> environments, double perSecond) =>
        _running = Task.WhenAll(environments.Select((url, n) => VisitAsync(n, url, TimeSpan.FromSeconds(1 / perSecond), n / (double)environments.Count)));

    /// <summary>What was answered since the last call.</summary>
    public IReadOnlyList<Visit> Take()
    {
        var taken = new List<Visit>();
        while (_visits.TryDequeue(out var visit)) taken.Add(visit);
        return taken;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _http.Dispose();
        _stop.Dispose();
    }

    private async Task VisitAsync(int environment, Uri url, TimeSpan period, double phase)
    {
        await Task.Delay(period * phase, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        while (!_stop.IsCancellationRequested)
        {
            var sent = Stopwatch.GetTimestamp();
            string answer;
            try
            {
                using var response = await _http.GetAsync(url, CancellationToken.None);
                answer = response.IsSuccessStatusCode ? await response.Content.ReadAsStringAsync(CancellationToken.None) : $"failed: {(int)response.StatusCode}";
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
            {
                answer = $"failed: {e.Message}";
            }
            _visits.Enqueue(new(environment, sent, answer));
            await Task.Delay(period, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
