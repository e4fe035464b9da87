using System.Text.Json;
using System.Text.RegularExpressions;

namespace ProdSprint.Kernel;

/// <summary>
/// Which part of a request cannot be read, and what it must be. The framework says so in sentences that name its own types, so they are read here and told in the words of the API;
/// what is not recognised is told without them.
/// </summary>
internal static partial class BadParts
{
    /// <summary>Null: it is not about a parameter.</summary>
    public static ProblemException? Parameter(string said)
    {
        if (NotBound().Match(said) is { Success: true } bad)
            return bad.Groups["name"].Value == "after" ? ProblemException.Invalid("page.bad-cursor", "'after' is no cursor of this list.", "Leave it out to begin at the start")
                : Bad("request.bad-parameter", "Not a value of this parameter", $"'{bad.Groups["name"].Value}' must be {Kind(bad.Groups["type"].Value)}.", "Send that, or leave the parameter out where it may be");
        return NotThere().Match(said) is { Success: true } missing
            ? Bad("request.missing-parameter", "A parameter is missing", $"'{missing.Groups["name"].Value}' has to be there; it is {Kind(missing.Groups["type"].Value)}.", "Add it to the query") : null;
    }

    /// <summary>Null: no field of an object is at fault, but the whole.</summary>
    public static ProblemException? Field(JsonException said)
    {
        if (said.Path is not { Length: > 2 } path || !path.StartsWith("$.", StringComparison.Ordinal)) return null;
        var why = said.Message.StartsWith("Duplicate property", StringComparison.Ordinal) ? "stands there twice"
            : said.Message.Contains("doesn't allow null", StringComparison.Ordinal) ? "must not be null; leave it out where it may be"
            : said.Message.Contains("could not be converted", StringComparison.Ordinal) ? $"must be {Kind(said.InnerException?.Message ?? Converted().Match(said.Message).Groups["type"].Value)}"
            : null;
        return why is null ? null : Bad("request.bad-field", "A field is not what it must be", $"'{path[2..]}' {why}.", "Compare it with /openapi/v1.json");
    }

    private static ProblemException Bad(string code, string title, string detail, string next) => new(StatusCodes.Status400BadRequest, code, title, detail, next);

    private static string Kind(string said) => said switch
    {
        _ when Says(said, "DateTime") => "a time, as 2026-11-21T06:00:00Z",
        _ when Says(said, "List") || Says(said, "ImmutableArray") || Says(said, "[]") => "a list",
        _ when Says(said, "Dictionary") => "an object",
        _ when Says(said, "Guid") => "a UUID",
        _ when Says(said, "bool") => "true or false",
        _ when Whole().IsMatch(said) => "a whole number within bounds",
        _ when Says(said, "number") || Says(said, "double") || Says(said, "decimal") => "a number",
        _ when Says(said, "string") => "a text",
        _ => "one of what its description names",
    };

    private static bool Says(string text, string word) => text.Contains(word, StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex(@"\b(int|long|Int32|Int64)\b")]
    private static partial Regex Whole();

    [GeneratedRegex("^Failed to bind parameter \"(?<type>[^\"]+) (?<name>[^\" ]+)\"")]
    private static partial Regex NotBound();

    [GeneratedRegex("^Required parameter \"(?<type>[^\"]+) (?<name>[^\" ]+)\" was not provided from query")]
    private static partial Regex NotThere();

    [GeneratedRegex("could not be converted to (?<type>.+?)\\. Path")]
    private static partial Regex Converted();
}
