using System.Collections.Concurrent;
using System.Net;
using ProdSprint.Http;

namespace ProdSprint.Drills;

/// <summary>
/// Hears of every build and of every process of the drill's application from themselves, as they begin: what was really done, and how often, whatever
/// ProdSprint's books say. Each waits for the answer, so a drill can let the server die in the middle of one.
/// </summary>
internal sealed class Witness : IDisposable
{
    private readonly HttpListener _listener;
    private readonly ConcurrentQueue<string> _begun = new();
    private readonly ConcurrentDictionary<string, byte> _held = new();
    private volatile Func<string, bool> _holds = _ => false;

    public Witness()
    {
        (_listener, Url) = AnyPort.Listen();
        _ = Task.Run(ListenAsync);
    }

    public Uri Url { get; }

    /// <summary><c>build v2</c>, <c>start staging v2</c>, <c>start production v2</c>, in order.</summary>
    public IReadOnlyList<string> Begun => [.. _begun];

    /// <summary>What has begun and waits.</summary>
    public string? Held => _held.Keys.FirstOrDefault();

    /// <summary>From now on these wait until somebody says otherwise.</summary>
    public void Hold(Func<string, bool> which) => _holds = which;

    public void Dispose() => _listener.Close();

    private async Task ListenAsync()
    {
        while (_listener.IsListening)
        {
            try
            {
                var asked = await _listener.GetContextAsync();
                _ = AnswerAsync(asked);
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task AnswerAsync(HttpListenerContext asked)
    {
        var what = Uri.UnescapeDataString(asked.Request.Url!.AbsolutePath.Trim('/')).Replace('/', ' ');
        _begun.Enqueue(what);
        if (_holds(what))
        {
            _held[what] = 0;
            while (_holds(what)) await Task.Delay(TimeSpan.FromMilliseconds(10));
            _held.TryRemove(what, out _);
        }
        try
        {
            asked.Response.Close();
        }
        catch (HttpListenerException)
        {
            // It was killed meanwhile.
        }
    }
}
