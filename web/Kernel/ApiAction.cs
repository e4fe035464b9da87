namespace ProdSprint.Kernel;

/// <summary>What a request does, by the name of its operation; of an operation that stands for several verbs, the verb's: <c>SteerRelease</c> with <c>abort</c> is <c>AbortRelease</c>.</summary>
public static class ApiAction
{
    private const string Steer = "Steer";

    public static string Of(HttpContext http) => Of(http, http.GetEndpoint());

    public static string Of(HttpContext http, Endpoint? endpoint)
    {
        var name = endpoint?.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName ?? http.Request.Method;
        return name.StartsWith(Steer, StringComparison.Ordinal) && http.Request.RouteValues["verb"] is string { Length: > 0 } verb
            ? $"{char.ToUpperInvariant(verb[0])}{verb[1..]}{name[Steer.Length..]}"
            : name;
    }
}
