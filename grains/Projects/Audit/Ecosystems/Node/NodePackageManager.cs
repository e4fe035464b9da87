namespace ProdSprint.Projects;

/// <summary>
/// Which package manager installs a Node project, and its commands. Order as Railpack: packageManager field, then lock files (pnpm, bun, yarn),
/// then engines, then npm.
/// </summary>
public sealed record NodePackageManager(string Name, bool Berry, bool Locked, string Source)
{
    private static readonly (string File, string Manager)[] Locks =
        [("pnpm-lock.yaml", "pnpm"), ("bun.lockb", "bun"), ("bun.lock", "bun"), ("yarn.lock", "yarn"), ("package-lock.json", "npm"), ("npm-shrinkwrap.json", "npm")];

    public string Install => (Name, Locked) switch
    {
        ("npm", true) => "npm ci",
        ("npm", false) => "npm install",
        ("pnpm", true) => "pnpm install --frozen-lockfile",
        ("pnpm", false) => "pnpm install",
        ("bun", true) => "bun install --frozen-lockfile",
        ("bun", false) => "bun install",
        ("yarn", true) => Berry ? "yarn install --immutable" : "yarn install --frozen-lockfile",
        _ => "yarn install",
    };

    public string Run(string script) => $"{Name} run {script}";

    public string Exec(string tool) => Name switch { "pnpm" => $"pnpm exec {tool}", "bun" => $"bunx {tool}", "yarn" => $"yarn {tool}", _ => $"npx --no-install {tool}" };

    /// <summary>Runs a script of a workspace member from the workspace's root.</summary>
    public string RunIn(NodePackage package, string script) => Name switch
    {
        "pnpm" => $"pnpm --filter {package.Name} run {script}",
        "yarn" => $"yarn workspace {package.Name} run {script}",
        "bun" => $"bun run --filter {package.Name} {script}",
        _ => $"npm run {script} --workspace={package.Name}",
    };

    public static NodePackageManager Of(NodePackage package, AuditContext context)
    {
        var files = context.Files;
        var locks = Locks.Where(l => files.Has(package.Directory, l.File)).ToList();
        if (locks.Select(l => l.Manager).Distinct().Count() > 1)
        {
            context.Gaps.Add(GapCodes.LockfileSeveral, GapSeverity.Warning, $"{string.Join(" and ", locks.Select(l => l.File))} lie side by side",
                "Two package managers resolve different versions; which one counts depends on who builds.",
                $"Keep one lock file next to {package.Path}, and name the package manager in its \"packageManager\" field", new(package.Path));
        }
        bool Locked(string manager) => locks.Any(l => l.Manager == manager);
        NodePackageManager Make(string name, string source) => new(name, name == "yarn" && IsBerry(package, files), Locked(name), source);

        if (package.PackageManager?.Split('@')[0] is "npm" or "pnpm" or "yarn" or "bun")
            return Make(package.PackageManager.Split('@')[0], "package.json packageManager");
        if (locks.Count > 0) return Make(locks[0].Manager, locks[0].File);
        if (package.Path.EndsWith(".json5", StringComparison.Ordinal) || package.Path.EndsWith(".yaml", StringComparison.Ordinal)) return Make("pnpm", package.Path);
        if (files.Has(package.Directory, "pnpm-workspace.yaml")) return Make("pnpm", "pnpm-workspace.yaml");
        if (files.Has(package.Directory, ".yarnrc.yml")) return Make("yarn", ".yarnrc.yml");
        foreach (var name in (ReadOnlySpan<string>)["pnpm", "bun", "yarn"])
            if (package.Engines.ContainsKey(name)) return Make(name, $"package.json engines.{name}");
            else if (package.Volta.ContainsKey(name)) return Make(name, $"package.json volta.{name}");
        // written for Bun's own runtime, as "bun init" leaves it, and not for Node as well
        if (!package.Engines.ContainsKey("node") && (package.Needs("@types/bun") || package.Needs("bun-types"))) return Make("bun", "package.json @types/bun");
        return Make("npm", "default");
    }

    private static bool IsBerry(NodePackage package, RepositoryFiles files)
    {
        var version = package.PackageManager?.Split('@') is { Length: > 1 } parts ? parts[1] : package.Engines.GetValueOrDefault("yarn")?.TrimStart('^', '~', '>', '=', ' ');
        if (version is { Length: > 0 }) return version[0] is not ('0' or '1') || version.Length > 1 && char.IsAsciiDigit(version[1]);
        return files.Has(package.Directory, ".yarnrc.yml")
            || files.Beginning(TreePaths.Join(package.Directory, "yarn.lock"), 2048)?.Contains("__metadata:", StringComparison.Ordinal) == true;
    }
}
