using System.CommandLine;

namespace ProdSprint.Kernel;

/// <summary>A wrong word gets the nearest right one.</summary>
public static class Suggestions
{
    public static CliException For(RootCommand root, string[] args, ParseResult parse)
    {
        var command = parse.CommandResult.Command;
        var known = command.Subcommands.Where(c => !c.Hidden).Select(c => c.Name).Concat(command.Options.Select(o => o.Name)).Concat(root.Options.Select(o => o.Name)).ToArray();
        var wrong = parse.UnmatchedTokens.FirstOrDefault();
        var near = wrong is null ? null : Nearest(wrong, known);
        // The project is an option, because it may be left out where there is only one; people write it after the verb all the same.
        if (near is null && wrong?.StartsWith('-') == false && command.Options.Any(o => o.Name == "--project")) near = $"--project {wrong}";
        var path = Path(command);
        return new(ExitCode.Usage, "cli.usage", "Not understood", parse.Errors[0].Message,
            near is null ? $"See {path} --help" : $"Did you mean '{near}'? See {path} --help");
    }

    private static string Path(Command command) => command is RootCommand ? "prodsprint" : $"{Path(command.Parents.OfType<Command>().First())} {command.Name}";

    public static string? Nearest(string word, IEnumerable<string> known) => known
        .Select(k => (Word: k, Distance: Distance(word, k)))
        .Where(k => k.Distance <= Math.Max(2, word.Length / 3))
        .OrderBy(k => k.Distance).Select(k => k.Word).FirstOrDefault();

    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var next = Math.Min(Math.Min(row[j] + 1, row[j - 1] + 1), diagonal + (a[i - 1] == b[j - 1] ? 0 : 1));
                (diagonal, row[j]) = (row[j], next);
            }
        }
        return row[b.Length];
    }
}
