using System.Text.RegularExpressions;

namespace ProdSprint.Projects;

/// <summary>What is wrong with one Dockerfile, seen instruction by instruction. Each fault is told once.</summary>
public sealed partial class DockerfileFaults(string path, AuditContext context)
{
    private readonly HashSet<string> _told = [];
    private bool _copiedAll;

    public void See(string[] words, string rest, int line)
    {
        switch (words[0].ToUpperInvariant())
        {
            case "FROM": _copiedAll = false; break;
            case "ADD" when rest.Contains("://", StringComparison.Ordinal) && !rest.Contains("--checksum", StringComparison.Ordinal):
                Tell(GapCodes.DockerfileAddRemote, GapSeverity.Warning, line, "adds a file from the network unchecked", "Who controls that address controls the image, and the next build may get another file.", $"Give ADD a --checksum in {path} line {line}, or download and verify in a RUN");
                break;
            case "ENV" or "ARG" when Assigned().Match(rest) is { Success: true } match && VariableNames.IsSecret(match.Groups["name"].Value) && !match.Groups["value"].Value.StartsWith('$'):
                Tell(GapCodes.DockerfileSecret, GapSeverity.Warning, line, $"sets {match.Groups["name"].Value}", "It is in a layer of the image, where everyone who can pull it can read it.", $"Remove it from {path} line {line}; pass it when the container starts, or use RUN --mount=type=secret for the build");
                break;
            case "COPY" or "ADD" when words.Length == 3 && words[1] is "." or "./":
                _copiedAll = true;
                if (!HasIgnore())
                    Tell(GapCodes.DockerfileNoIgnore, GapSeverity.Warning, line, "copies everything and there is no .dockerignore", ".git, local environment files and node_modules end up in the image.", $"Write {TreePaths.Join(TreePaths.DirectoryOf(path), ".dockerignore")} with .git, .env and what the build makes itself");
                break;
            case "RUN":
                if (PipeToShell().IsMatch(rest))
                    Tell(GapCodes.DockerfilePipeToShell, GapSeverity.Warning, line, "pipes a download into a shell", "What the address answers at build time is run, unseen and unpinned.", $"Download to a file, check its digest, then run it, in {path} line {line}");
                if (_copiedAll && Installs().IsMatch(rest))
                    Tell(GapCodes.DockerfileCache, GapSeverity.Info, line, "installs dependencies after copying the sources", "Each change of any file installs everything anew.", $"Copy the manifest and its lock file first, install, then copy the rest, in {path}");
                break;
        }
    }

    /// <param name="start">The ENTRYPOINT, else the CMD, of the last stage.</param>
    public void End(string? start)
    {
        // through `sh -c` the program is not process 1 and never hears that it should stop
        if (start is not null && start[0] != '[' && !start.StartsWith("exec ", StringComparison.Ordinal))
            Tell(GapCodes.DockerfileShellForm, GapSeverity.Info, 0, "starts its program through a shell", "The shell does not pass SIGTERM on, so the container is killed without having drained.", $"Write the last CMD or ENTRYPOINT of {path} as a JSON list");
    }

    private bool HasIgnore() => context.Files.HasFile(path + ".dockerignore") || context.Files.Has(TreePaths.DirectoryOf(path), ".dockerignore") || context.Files.HasFile(".dockerignore");

    private void Tell(string code, GapSeverity severity, int line, string title, string why, string remediation)
    {
        if (_told.Add(code)) context.Gaps.Add(code, severity, $"{path} {title}", why, remediation, new(path, line));
    }

    [GeneratedRegex(@"^(?<name>\w+)(?:=|\s+)(?<value>\S+)")]
    private static partial Regex Assigned();

    [GeneratedRegex(@"\b(?:curl|wget)\b[^|;&]*\|\s*(?:sudo\s+)?(?:ba|z)?sh\b")]
    private static partial Regex PipeToShell();

    [GeneratedRegex(@"\b(?:npm (?:ci|install)|yarn install|pnpm install|pip3? install -r|poetry install|uv sync|go mod download|bundle install|composer install|dotnet restore|mix deps\.get)\b")]
    private static partial Regex Installs();
}
