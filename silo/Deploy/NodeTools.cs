namespace ProdSprint.Deploy;

/// <summary>
/// Package managers that a repository asks for and this machine does not have. Node brings npm alone; yarn and pnpm are npm packages like any other, so
/// a build gets them from the same registry as everything else it installs.
/// </summary>
internal static class NodeTools
{
    /// <summary>Which major version follows from the lock file: yarn 2 and newer write <c>__metadata:</c>, and refuse what yarn 1 wrote.</summary>
    private static readonly (string Name, string Script)[] Stands =
    [
        ("yarn", "p=yarn@1; if [ -f .yarnrc.yml ] || grep -qs '^__metadata:' yarn.lock; then p=@yarnpkg/cli-dist@4; fi; exec npx --yes --package \"$p\" -- yarn \"$@\""),
        ("pnpm", "exec npx --yes --package pnpm@10 -- pnpm \"$@\""),
    ];

    /// <summary>PATH for a build: as it is, behind it a directory with stand-ins for what is missing. What is installed always wins.</summary>
    public static string Complete(string path, string directory)
    {
        if (!Has(path, "npx")) return path;
        var any = false;
        foreach (var (name, script) in Stands)
        {
            if (Has(path, name)) continue;
            Directory.CreateDirectory(directory);
            var file = Path.Combine(directory, name);
            File.WriteAllText(file, $"#!/bin/sh\n{script}\n");
            File.SetUnixFileMode(file, (UnixFileMode)0b111_101_101);
            any = true;
        }
        return any ? $"{path}:{directory}" : path;
    }

    private static bool Has(string path, string program) => path.Split(':').Any(d => d.Length > 0 && File.Exists(Path.Combine(d, program)));
}
