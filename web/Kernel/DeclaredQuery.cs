using System.Collections.Frozen;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;

namespace ProdSprint.Kernel;

/// <summary>The words that a parameter may have, where no <see cref="AllowedValuesAttribute"/> can say them.</summary>
public sealed record QueryWords(string Parameter, IReadOnlyList<string> Words)
{
    public static QueryWords Of<T>(string parameter) where T : struct, Enum => new(parameter, [.. Enum.GetNames<T>().Select(n => char.ToLowerInvariant(n[0]) + n[1..])]);
}

/// <summary>
/// What an operation reads of its query. Everything else is refused: a filter that is mistyped and passed over answers a question that nobody asked. Known from how the endpoint is
/// written, once; a request without a query pays nothing.
/// </summary>
/// <param name="Parameters">By name, whichever case, as the framework reads them; with the words they may have, where these are few.</param>
public sealed record DeclaredQuery(FrozenDictionary<string, IReadOnlyList<string>?> Parameters)
{
    private const int LongestShown = 60;

    public static void StandsAround(IEndpointConventionBuilder api) => api.Finally(endpoint =>
    {
        if (endpoint is RouteEndpointBuilder route) route.Metadata.Add(new DeclaredQuery(Of(route).ToFrozenDictionary(p => p.Name, p => p.Words, StringComparer.OrdinalIgnoreCase)));
    });

    private static IEnumerable<(string Name, IReadOnlyList<string>? Words)> Of(RouteEndpointBuilder endpoint)
    {
        if (endpoint.Metadata.OfType<TakesFields>().Any()) yield return (SparseFields.Parameter, null);
        foreach (var parameter in endpoint.Metadata.OfType<IParameterBindingMetadata>())
            if ((parameter.HasTryParse || parameter.ParameterInfo.ParameterType == typeof(string)) && endpoint.RoutePattern.GetParameter(parameter.Name) is null)
                yield return (parameter.Name, Words(endpoint.Metadata, parameter));
    }

    private static IReadOnlyList<string>? Words(IEnumerable<object> metadata, IParameterBindingMetadata parameter) =>
        parameter.ParameterInfo.GetCustomAttribute<AllowedValuesAttribute>() is { } allowed ? [.. allowed.Values.Select(v => v!.ToString()!)]
        : metadata.OfType<QueryWords>().FirstOrDefault(w => w.Parameter == parameter.Name)?.Words;

    public static void UseDeclaredQuery(WebApplication app) => app.Use((context, next) =>
    {
        if (context.Request.QueryString.HasValue && context.GetEndpoint()?.Metadata.GetMetadata<DeclaredQuery>() is { } declared && declared.Refusal(context.Request.Query, ApiAction.Of(context)) is { } refusal) throw refusal;
        return next(context);
    });

    /// <summary>Null: every parameter is one of the operation's, stands there once, and is one of its words.</summary>
    public ProblemException? Refusal(IQueryCollection query, string operation)
    {
        foreach (var (name, values) in query)
        {
            if (!Parameters.TryGetValue(name, out var words))
                return Bad("request.unknown-parameter", "There is no such parameter", $"'{Shown(name)}' is no parameter of {operation}.", Parameters.Count == 0 ? "It takes none" : $"Use some of: {string.Join(", ", Parameters.Keys.Order(StringComparer.Ordinal))}");
            if (values.Count != 1)
                return Bad("request.repeated-parameter", "A parameter stands there twice", $"'{Shown(name)}' stands there {values.Count} times.", "Say it once");
            if (words is not null && !words.Contains(values[0], StringComparer.Ordinal))
                return Bad("request.bad-parameter", "Not a word of this parameter", $"'{Shown(name)}' is '{Shown(values[0] ?? "")}'.", $"One of: {string.Join(", ", words)}; or leave it out");
        }
        return null;
    }

    private static ProblemException Bad(string code, string title, string detail, string next) => new(StatusCodes.Status400BadRequest, code, title, detail, next);

    private static string Shown(string text) => text.Length > LongestShown ? text[..LongestShown] + "…" : text;
}
