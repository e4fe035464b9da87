using System.Text.RegularExpressions;

namespace ProdSprint.Identity;

/// <summary>What directories filter by (RFC 7644 3.4.2.2): attributes that are equal to something, several joined by <c>and</c>. Compiled to SQL, so that a large directory is searched by the database.</summary>
public sealed partial class ScimFilter
{
    private ScimFilter(string sql, IReadOnlyList<object> values) => (Sql, Values) = (sql, values);

    /// <summary>A condition whose parameters begin at <c>$3</c>.</summary>
    public string Sql { get; }

    public IReadOnlyList<object> Values { get; }

    public static ScimFilter All { get; } = new("true", []);

    /// <param name="columns">What may be asked for, in lower case, and how; <c>{0}</c> stands for the value.</param>
    /// <exception cref="ScimException">400 invalidFilter.</exception>
    public static ScimFilter Parse(string? text, IReadOnlyDictionary<string, string> columns)
    {
        if (string.IsNullOrWhiteSpace(text)) return All;
        var (conditions, values, at) = (new List<string>(), new List<object>(), 0);
        while (true)
        {
            var match = Equal().Match(text, at);
            if (!match.Success || !columns.TryGetValue(match.Groups["attribute"].Value.ToLowerInvariant(), out var column))
                throw ScimException.Bad("invalidFilter", $"'{text}' is not understood. Next: ATTRIBUTE eq \"VALUE\", joined by and; attributes: {string.Join(", ", columns.Keys)}");
            conditions.Add(string.Format(System.Globalization.CultureInfo.InvariantCulture, column, $"${values.Count + 3}"));
            values.Add(match.Groups["flag"].Success ? match.Groups["flag"].Value.Equals("true", StringComparison.OrdinalIgnoreCase) ? "true" : "false" : Regex.Unescape(match.Groups["text"].Value));
            at = match.Index + match.Length;
            if (at == text.Length) return new(string.Join(" AND ", conditions), values);
        }
    }

    [GeneratedRegex("""\G\s*(?:and\s+)?(?<attribute>[A-Za-z][A-Za-z0-9.:]*)\s+eq\s+(?:"(?<text>(?:[^"\\]|\\["\\/bfnrt])*)"|(?<flag>true|false))\s*(?=$|and\s)""", RegexOptions.IgnoreCase)]
    private static partial Regex Equal();
}
