using System.Security.Cryptography;
using System.Text;

namespace ProdSprint.Data;

/// <param name="Number">From the file's name: <c>0002_kernel.sql</c> is 2. Never used twice.</param>
public sealed record Migration(int Number, string Name, string Sql)
{
    /// <summary>Of the text with LF line ends, so that a checkout with CRLF is the same migration.</summary>
    public string Checksum { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Sql.ReplaceLineEndings("\n"))));
}

public static class Migrations
{
    private const string Prefix = "migrations/";

    /// <summary>Those of <c>silo/Data/Migrations/</c>, by number.</summary>
    public static IReadOnlyList<Migration> Embedded()
    {
        var assembly = typeof(Migrations).Assembly;
        var found = new List<Migration>();
        foreach (var resource in assembly.GetManifestResourceNames().Where(n => n.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!, Encoding.UTF8);
            var name = resource[Prefix.Length..^".sql".Length];
            found.Add(new(int.Parse(name.AsSpan(0, 4)), name, reader.ReadToEnd()));
        }
        found.Sort((a, b) => a.Number.CompareTo(b.Number));
        var twice = found.GroupBy(m => m.Number).FirstOrDefault(g => g.Count() > 1);
        return twice is null ? found : throw new DatabaseException($"Two migrations have the number {twice.Key}: {string.Join(", ", twice.Select(m => m.Name))}. Next: give the newer one the next free number.");
    }
}
