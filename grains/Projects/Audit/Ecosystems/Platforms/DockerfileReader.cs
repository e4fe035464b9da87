using System.Collections.Immutable;
using System.Text;

namespace ProdSprint.Projects;

/// <summary>The instructions of a Dockerfile that matter for a deployment, of its last stage.</summary>
public static class DockerfileReader
{
    /// <summary>A Dockerfile of what is deployed; Dockerfile.dev, .test and the like are for developers.</summary>
    public static bool IsDeployed(string path) => TreePaths.NameOf(path) is "Dockerfile" or "Containerfile" or "Dockerfile.prod" or "Dockerfile.production";

    public static DockerfileAudit? Read(string path, AuditContext context)
    {
        if (context.Files.Manifest(path) is not { } text) return null;
        var images = ImmutableArray.CreateBuilder<string>();
        var stages = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var ports = new SortedSet<int>();
        string? command = null, entrypoint = null, user = null;
        var health = false;
        var faults = new DockerfileFaults(path, context);
        foreach (var (line, number) in Lines(text))
        {
            var words = line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            var rest = line[words[0].Length..].Trim();
            faults.See(words, rest, number);
            switch (words[0].ToUpperInvariant())
            {
                case "FROM":
                    (command, entrypoint, user, health) = (null, null, null, false);
                    ports.Clear();
                    var image = words.Skip(1).FirstOrDefault(w => !w.StartsWith("--", StringComparison.Ordinal));
                    if (image is not null && !stages.Contains(image))
                    {
                        images.Add(image);
                        if (!image.Contains('$') && !image.Contains('@') && image != "scratch" && (image.EndsWith(":latest", StringComparison.Ordinal) || !image[(image.LastIndexOf('/') + 1)..].Contains(':')))
                            context.Gaps.Add(GapCodes.DockerfileLatest, GapSeverity.Info, $"{path} builds on \"{image}\"", "The tag moves, so the same commit builds differently tomorrow.",
                                $"Name a version or a digest in {path} line {number}", new(path, number));
                    }
                    if (words.Length >= 4 && words[^2].Equals("AS", StringComparison.OrdinalIgnoreCase)) stages.Add(words[^1]);
                    break;
                case "EXPOSE":
                    foreach (var word in words.Skip(1))
                        if (int.TryParse(word.Split('/')[0], out var port) && port is > 0 and < 65536) ports.Add(port);
                    break;
                case "CMD": command = rest; break;
                case "ENTRYPOINT": entrypoint = rest; break;
                case "USER": user = rest; break;
                case "HEALTHCHECK": health = !rest.Equals("NONE", StringComparison.OrdinalIgnoreCase); break;
            }
        }
        if (user is null or "root" or "0" && images.Count > 0)
            context.Gaps.Add(GapCodes.DockerfileRoot, GapSeverity.Info, $"{path} runs as root", "A break-in has the whole container.", $"Add a USER line to the last stage of {path}", new(path));
        faults.End(entrypoint ?? command);
        var run = (entrypoint, command) switch { (null, var c) => c, (var e, null) => e, var (e, c) => $"{e} {c}" };
        return new(path, images.ToImmutable(), [.. ports], run, user, health);
    }

    /// <summary>Instructions with their continuation lines joined, without comments.</summary>
    private static IEnumerable<(string Line, int Number)> Lines(string text)
    {
        var joined = new StringBuilder();
        var start = 0;
        var lines = text.Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i].Trim();
            if (line.StartsWith('#') || joined.Length == 0 && line.Length == 0) continue;
            if (joined.Length == 0) start = i + 1;
            var goesOn = line.EndsWith('\\') && i + 1 < lines.Length;
            joined.Append(goesOn ? line[..^1] : line).Append(' ');
            if (goesOn) continue;
            var instruction = joined.ToString().Trim();
            joined.Clear();
            if (instruction.Length > 0) yield return (instruction, start);
        }
    }
}
