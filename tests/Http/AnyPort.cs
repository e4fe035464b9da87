using System.Net;

namespace ProdSprint.Http;

internal static class AnyPort
{
    /// <summary>An HttpListener cannot be asked for any free port: this tries some, below those that outgoing connections are given.</summary>
    public static (HttpListener Listener, Uri Url) Listen()
    {
        while (true)
        {
            var url = new Uri($"http://127.0.0.1:{Random.Shared.Next(20_000, 32_000)}/");
            // One that could not start cannot be used again.
            var listener = new HttpListener { Prefixes = { url.ToString() } };
            try
            {
                listener.Start();
                return (listener, url);
            }
            catch (HttpListenerException)
            {
                listener.Close();
            }
        }
    }
}
