using System.Net;
using System.Text.RegularExpressions;

namespace ProdSprint.Tests.Api.SignIn;

/// <summary>Where a browser is, and what it shows.</summary>
public sealed record Page(Uri Address, HttpStatusCode Status, string Html)
{
    /// <summary>The code with which a sign-in ended, or null.</summary>
    public string? Error => Regex.Match(Address.Query, "[?&]error=([^&]*)") is { Success: true } m ? m.Groups[1].Value : null;
}

/// <summary>As much of a browser as signing in takes: redirects, forms, and cookies as SameSite has them, which is what the flows have to get along with.</summary>
public sealed partial class Browser : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, UseCookies = false, AllowAutoRedirect = false });
    private readonly Dictionary<string, Dictionary<string, (string Value, string SameSite)>> _cookies = [];

    public string? Cookie(Uri address, string name) => _cookies.TryGetValue(address.Authority, out var jar) && jar.TryGetValue(name, out var cookie) ? cookie.Value : null;

    /// <summary>Typed into the address bar.</summary>
    public Task<Page> Open(Uri address) => Go(HttpMethod.Get, address, null, address);

    public Task<Page> Follow(Page page, Uri address) => Go(HttpMethod.Get, address, null, page.Address);

    /// <summary>The first form that says <paramref name="about"/>, with what is typed into it.</summary>
    public Task<Page> Submit(Page page, string about = "", params (string Name, string Value)[] typed)
    {
        var form = Form().Matches(page.Html).Select(m => m.Value).First(f => WebUtility.HtmlDecode(f).Contains(about, StringComparison.Ordinal));
        var fields = Input().Matches(form).Select(m => (Name: Attribute(m.Value, "name"), Value: Attribute(m.Value, "value"))).Where(f => f.Name.Length > 0 && typed.All(t => t.Name != f.Name)).Concat(typed).ToList();
        var action = new Uri(page.Address, Attribute(form[..form.IndexOf('>')], "action"));
        if (Attribute(form[..form.IndexOf('>')], "method").Equals("post", StringComparison.OrdinalIgnoreCase)) return Go(HttpMethod.Post, action, fields, page.Address);
        var query = string.Join('&', fields.Select(f => $"{f.Name}={Uri.EscapeDataString(f.Value)}"));
        return Go(HttpMethod.Get, new UriBuilder(action) { Query = query }.Uri, null, page.Address);
    }

    /// <summary>Fields of the page's form, as a provider filled them in.</summary>
    public static string FieldOf(Page page, string name) => Attribute(Input().Matches(page.Html).Select(m => m.Value).First(i => Attribute(i, "name") == name), "value");

    public async Task<Page> Go(HttpMethod method, Uri address, IReadOnlyList<(string Name, string Value)>? form, Uri from)
    {
        var crossSite = false;
        for (var hops = 0; hops < 20; hops++)
        {
            crossSite |= address.Authority != from.Authority;
            using var request = new HttpRequestMessage(method, address);
            if (form is not null)
            {
                request.Content = new FormUrlEncodedContent(form.Select(f => KeyValuePair.Create(f.Name, f.Value)));
                request.Headers.Add("Origin", from.GetLeftPart(UriPartial.Authority));
            }
            request.Headers.Add("Sec-Fetch-Site", crossSite ? "cross-site" : "same-origin");
            if (Sent(address, method, crossSite) is { Length: > 0 } cookies) request.Headers.Add("Cookie", cookies);
            using var response = await _http.SendAsync(request);
            Keep(address, response);
            if (response.Headers.Location is not { } location) return new(address, response.StatusCode, await response.Content.ReadAsStringAsync());
            (from, address, method, form) = (address, new(address, location), HttpMethod.Get, null);
        }
        throw new InvalidOperationException($"Round and round: {address}");
    }

    public string CookiesOf(Uri address) => Sent(address, HttpMethod.Get, crossSite: false);

    /// <summary>As if both were one name, of which a load balancer chooses the server.</summary>
    public void CopyCookies(Uri from, Uri to) => _cookies[to.Authority] = new(_cookies[from.Authority]);

    private string Sent(Uri address, HttpMethod method, bool crossSite) => _cookies.TryGetValue(address.Authority, out var jar)
        ? string.Join("; ", jar.Where(c => !crossSite || (method == HttpMethod.Get && c.Value.SameSite != "strict")).Select(c => $"{c.Key}={c.Value.Value}"))
        : "";

    public void Keep(Uri address, HttpResponseMessage response)
    {
        if (!response.Headers.TryGetValues("Set-Cookie", out var set)) return;
        if (!_cookies.TryGetValue(address.Authority, out var jar)) _cookies[address.Authority] = jar = [];
        foreach (var cookie in set)
        {
            var (name, rest) = (cookie[..cookie.IndexOf('=')], cookie[(cookie.IndexOf('=') + 1)..]);
            var same = Regex.Match(rest, "samesite=([a-z]+)", RegexOptions.IgnoreCase) is { Success: true } m ? m.Groups[1].Value.ToLowerInvariant() : "lax";
            jar[name] = (rest.Split(';')[0], same);
        }
    }

    private static string Attribute(string tag, string name) => WebUtility.HtmlDecode(Regex.Match(tag, $"""\b{name}="([^"]*)""", RegexOptions.IgnoreCase).Groups[1].Value);

    public void Dispose() => _http.Dispose();

    [GeneratedRegex("<form.*?</form>", RegexOptions.Singleline | RegexOptions.IgnoreCase)]
    private static partial Regex Form();

    [GeneratedRegex("<input[^>]*>", RegexOptions.IgnoreCase)]
    private static partial Regex Input();
}
