using Microsoft.Net.Http.Headers;

namespace ProdSprint.Kernel;

/// <summary>
/// <c>If-Match</c> on mutations: the command is carried out only on the state that the caller has seen. The grain compares, so nothing comes between
/// the comparison and the change.
/// </summary>
public static class Preconditions
{
    /// <param name="required">Where one caller's change would wipe out another's without a trace: 428 without the header.</param>
    public static RouteHandlerBuilder IfMatch(this RouteHandlerBuilder builder, bool required = false)
    {
        builder.WithMetadata(new TakesIfMatch(required));
        return builder.AddEndpointFilter(async (context, next) =>
        {
            Expect(context.HttpContext.Request.GetTypedHeaders().IfMatch, context.HttpContext.Request.Headers.IfMatch.Count > 0, required);
            try
            {
                return await next(context);
            }
            finally
            {
                IfVersion.Clear();
            }
        });
    }

    public static ProblemException Stale(string key) => new(
        StatusCodes.Status412PreconditionFailed, "precondition.stale", "Changed since you looked", $"{key} has been changed meanwhile.", "Read it again, and send its ETag as If-Match");

    private static void Expect(IList<EntityTagHeaderValue> tags, bool given, bool required)
    {
        if (!given)
        {
            if (!required) return;
            throw new ProblemException(StatusCodes.Status428PreconditionRequired, "precondition.required", "Say what you change",
                "Without If-Match, this could wipe out what somebody else has changed since you looked.", "Read it, and send its ETag as If-Match");
        }
        if (tags.Contains(EntityTagHeaderValue.Any)) return;
        // A tag that no version is in is the tag of nothing here.
        IfVersion.Set([.. tags.Select(EntityTags.Version).OfType<long>()]);
    }
}

/// <summary>For the description of the API.</summary>
public sealed record TakesIfMatch(bool Required);
