using System.Collections.Immutable;
using ProdSprint.Projects;

namespace ProdSprint.Gates;

/// <summary>
/// Pure: the routes of an OpenAPI document (2.0, 3.0, 3.1) that can be put under load without harm: GET and HEAD whose required parameters the document gives
/// examples for. The others are named with what is missing. Nothing of the document is resolved outside of it.
/// </summary>
public static class OpenApiRoutes
{
    private const int MostOperations = 5000;
    private const int MostParameters = 100;

    /// <summary>References that lead to references; a circle ends here.</summary>
    private const int MostHops = 8;

    private const int LongestName = 200;
    private const int LongestPath = 2000;

    private static readonly string[] Methods = ["get", "head", "post", "put", "patch", "delete", "options", "trace"];

    /// <exception cref="FormatException">It is no OpenAPI document; says why.</exception>
    public static RouteList Read(string source, string text)
    {
        if (text.Length > ApiText.Longest) throw new FormatException($"it is larger than {ApiText.Longest >> 20} MiB");
        var document = ApiText.Parse(text);
        if ((document["openapi"] ?? document["swagger"])?.Text is null) throw new FormatException("it says neither openapi: nor swagger:");
        var prefix = Prefix(document);
        var routes = new SortedDictionary<string, KnownRoute>(StringComparer.Ordinal);
        var without = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var operations = 0;
        foreach (var path in document["paths"]?.Fields ?? [])
        {
            if (!path.Name.StartsWith('/')) continue; // an extension: x-…
            var item = Resolve(document, path.Value);
            foreach (var method in Methods)
            {
                if (item?[method] is not { Fields: not null } operation) continue;
                if (++operations > MostOperations) throw new FormatException($"it has more than {MostOperations} operations");
                var name = $"{method.ToUpperInvariant()} {path.Name}";
                if (name.Length > LongestName || name.Any(char.IsControl)) without[name[..Math.Min(name.Length, LongestName)]] = "its name is too long or cannot be read";
                else
                {
                    var (route, why) = Route(document, item, operation, name, method, prefix + path.Name);
                    if (route is not null) routes.TryAdd(name, route);
                    else without.TryAdd(name, why!);
                }
            }
        }
        return new(source, [.. routes.Values.OrderBy(r => r.Name[r.Name.IndexOf(' ')..], StringComparer.Ordinal).ThenBy(r => r.Method, StringComparer.Ordinal).Take(RouteList.Most)],
            [.. without.Take(RouteList.Most).Select(w => new LeftOutRoute(w.Key, w.Value))], []);
    }

    private static (KnownRoute? Route, string? Why) Route(YamlValue document, YamlValue item, YamlValue operation, string name, string method, string path)
    {
        if (method is not ("get" or "head")) return (null, "it may change something");
        if (AsksForCredentials(document, operation)) return (null, "it asks for credentials");
        if (Streams(document, operation)) return (null, "it streams, and does not end");
        var query = new List<string>();
        var headers = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var parameter in Parameters(document, item, operation))
        {
            var (at, called) = (parameter["in"]?.Text, parameter["name"]?.Text);
            if (called is null || at is null) continue;
            if (at != "path" && parameter["required"]?.Text != "true") continue;
            if (at is "header" && IsSetByUs(called)) continue;
            if (at is not ("path" or "query" or "header")) return (null, $"its {at} parameter {Short(called)} cannot be made up");
            if (Example(document, parameter) is not { } value) return (null, $"its {at} parameter {Short(called)} has no example in the document");
            if (at == "query") query.Add($"{Uri.EscapeDataString(called)}={Uri.EscapeDataString(value)}");
            else if (at == "path") path = path.Replace($"{{{called}}}", Uri.EscapeDataString(value), StringComparison.Ordinal);
            else if (!IsToken(called) || value.Any(c => c is < ' ' or > '~')) return (null, $"its header parameter {Short(called)} cannot be sent");
            else headers[called] = value;
        }
        if (path.Contains('{')) return (null, "it has a path parameter that the document does not describe");
        if (query.Count > 0) path += $"?{string.Join('&', query)}";
        if (path.Length > LongestPath || path.Any(c => c is <= ' ' or '\\' or '\u007f')) return (null, "its path is too long or cannot be sent");
        return (new(name, method.ToUpperInvariant(), path, headers.ToImmutable()), null);
    }

    /// <summary>The operation's own take the place of the path's, by name and place.</summary>
    private static IEnumerable<YamlValue> Parameters(YamlValue document, YamlValue item, YamlValue operation) =>
        (operation["parameters"]?.Items ?? []).Concat(item["parameters"]?.Items ?? []).Take(MostParameters).Select(p => Resolve(document, p)).OfType<YamlValue>()
            .DistinctBy(p => (p["in"]?.Text, p["name"]?.Text));

    private static string? Example(YamlValue document, YamlValue parameter)
    {
        var schema = Resolve(document, parameter["schema"]) ?? parameter;
        return Scalar(parameter["example"]) ?? Scalar(parameter["x-example"]) ?? Scalar(Resolve(document, parameter["examples"]?.Fields?.FirstOrDefault()?.Value)?["value"])
            ?? Scalar(schema["example"]) ?? Scalar(schema["examples"]?.Items?.FirstOrDefault()) ?? Scalar(schema["const"]) ?? Scalar(schema["default"]) ?? Scalar(schema["enum"]?.Items?.FirstOrDefault());

        static string? Scalar(YamlValue? v) => v is { Text: { Length: > 0 and < 500 } text, IsEmpty: false } ? text : null;
    }

    private static bool AsksForCredentials(YamlValue document, YamlValue operation) =>
        (operation["security"] ?? document["security"])?.Items is { Count: > 0 } any && any.All(s => s.Fields is { Count: > 0 });

    private static bool Streams(YamlValue document, YamlValue operation) =>
        (operation["responses"]?.Fields ?? []).Take(20).Any(r => Resolve(document, r.Value)?["content"]?["text/event-stream"] is not null)
        || operation["produces"]?.Items?.Any(p => p.Text == "text/event-stream") is true;

    /// <summary>The path of where the document says that it is served; staging is somewhere else, below the same path.</summary>
    private static string Prefix(YamlValue document)
    {
        var at = document["basePath"]?.Text;
        if (document["servers"]?.Items?.FirstOrDefault() is { } server && server["url"]?.Text is { } url)
        {
            foreach (var variable in (server["variables"]?.Fields ?? []).Take(20))
                url = url.Replace($"{{{variable.Name}}}", variable.Value["default"]?.Text ?? "", StringComparison.Ordinal);
            at = url.StartsWith('/') ? url : Uri.TryCreate(url, UriKind.Absolute, out var whole) && whole.Scheme is "http" or "https" ? whole.AbsolutePath : null;
        }
        return at is ['/', .., _] && at.Length < LongestPath && !at.StartsWith("//", StringComparison.Ordinal) ? at.TrimEnd('/') : "";
    }

    private static YamlValue? Resolve(YamlValue document, YamlValue? value)
    {
        for (var hop = 0; value?["$ref"]?.Text is { } reference; hop++)
        {
            if (hop == MostHops || !reference.StartsWith("#/", StringComparison.Ordinal) || reference.Length > LongestPath) return null;
            value = reference[2..].Split('/').Take(MostHops).Aggregate((YamlValue?)document, (at, part) => at?[part.Replace("~1", "/").Replace("~0", "~")]);
        }
        return value;
    }

    private static bool IsSetByUs(string header) => header.ToLowerInvariant() is "accept" or "content-type" or "authorization" or "host" or "content-length" or "connection";

    private static bool IsToken(string name) => name.Length is > 0 and < 100 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    private static string Short(string name) => name.Length > 60 ? name[..60] + "…" : name;
}
