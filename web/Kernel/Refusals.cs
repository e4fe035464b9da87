namespace ProdSprint.Kernel;

/// <summary>What an endpoint may answer other than success, beside what every endpoint may; for the description of the API.</summary>
/// <param name="Codes">The problems' codes, e.g. <c>project.not-found</c>.</param>
public sealed record Refusal(int Status, IReadOnlyList<string> Codes);

public static class Refusals
{
    public static TBuilder Refuses<TBuilder>(this TBuilder builder, int status, params string[] codes) where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(new Refusal(status, codes));
}
