namespace ProdSprint.Identity;

/// <summary>Pages from 1 (RFC 7644 3.4.2.4), and versions.</summary>
internal static class ScimPaging
{
    public static (int Skip, int Count) Read(string? startIndex, string? count) =>
        (Math.Max(Number(startIndex, 1), 1) - 1, Math.Clamp(Number(count, ScimSchemas.MostResults), 0, ScimSchemas.MostResults));

    /// <exception cref="ScimException">412.</exception>
    public static void IfMatch(HttpContext http, long version)
    {
        if (http.Request.Headers.IfMatch.ToString() is { Length: > 0 } tag and not "*" && tag != ScimAnswers.Tag(version))
            throw new ScimException(StatusCodes.Status412PreconditionFailed, null, $"It is at version {ScimAnswers.Tag(version)} by now.");
    }

    private static int Number(string? text, int otherwise) =>
        text is null ? otherwise : int.TryParse(text, out var number) ? number : throw ScimException.Bad("invalidValue", $"'{text}' is no number.");
}
