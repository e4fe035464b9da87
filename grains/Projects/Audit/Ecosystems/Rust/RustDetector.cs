namespace ProdSprint.Projects;

/// <summary>Rust: each package that builds a program, in its workspace when it has one. A workspace's default-members come before its members.</summary>
public sealed class RustDetector : IServiceDetector
{
    private static readonly (string Crate, string Framework, int Port, string? Variable)[] Frameworks =
    [
        ("rocket", "rocket", 8000, "ROCKET_PORT"), ("actix-web", "actix-web", 8080, null), ("axum", "axum", 3000, null), ("warp", "warp", 3030, null), ("poem", "poem", 3000, null),
        ("salvo", "salvo", 5800, null), ("tide", "tide", 8080, null), ("tonic", "grpc", 50051, null), ("hyper", "hyper", 3000, null), ("leptos", "leptos", 3000, null),
    ];

    public IEnumerable<ServiceDraft> Detect(AuditContext context)
    {
        var manifests = context.Files.Named("Cargo.toml").Select(f => f.Path).ToList();
        var packages = manifests.Select(m => CargoPackage.Read(m, context)).OfType<CargoPackage>().ToList();
        var workspaces = manifests.Where(m => context.Manifests.Toml(m)?.Table("workspace") is not null).Select(TreePaths.DirectoryOf).OrderByDescending(d => d.Length).ToList();
        // handlers of a platform of functions, whose runtime they need around them
        foreach (var package in packages.Where(p => p.Programs.Count > 0 && !p.Dependencies.Any(d => d is "vercel_runtime" or "lambda_runtime" or "lambda_http") && TreePaths.NameOf(p.Directory) is not ("xtask" or "fuzz")))
        {
            var root = workspaces.FirstOrDefault(w => w == package.Directory || TreePaths.IsBelow(package.Directory, w)) ?? package.Directory;
            if (root != package.Directory && !IsChosen(package, root, packages, context)) continue;
            foreach (var program in package.Default is { } one ? [one] : package.Programs) yield return Draft(package, program, root, packages, context);
        }
    }

    /// <summary>When the workspace names default-members and one of them is a program, the others are tools.</summary>
    private static bool IsChosen(CargoPackage package, string root, List<CargoPackage> packages, AuditContext context)
    {
        var defaults = (context.Manifests.Toml(TreePaths.Join(root, "Cargo.toml"))?.Table("workspace")?.Texts("default-members") ?? []).Select(m => TreePaths.Resolve(root, m)).ToHashSet();
        return !packages.Any(p => p.Programs.Count > 0 && defaults.Contains(p.Directory)) || defaults.Contains(package.Directory);
    }

    private static ServiceDraft Draft(CargoPackage package, string program, string root, List<CargoPackage> packages, AuditContext context)
    {
        var lunatic = context.Files.Manifest(TreePaths.Join(root, ".cargo/config.toml"))?.Contains("\"lunatic", StringComparison.Ordinal) == true;
        var draft = new ServiceDraft("rust", package.Directory, package.Manifest)
        {
            Name = program, PackageManager = new("cargo", package.Manifest), Version = Version(package, root, context), DefaultPort = 8080,
        };
        draft.Packages.UnionWith(package.Dependencies);
        var known = Frameworks.FirstOrDefault(f => draft.Packages.Contains(f.Crate));
        draft.Framework = lunatic ? "lunatic" : known.Framework;
        if (known.Framework is not null)
        {
            (draft.Kind, draft.DefaultPort) = (ServiceKind.Web, known.Port);
            if (known.Variable is { } variable) draft.Port = new(known.Port, variable, $"rule: {known.Framework}");
        }
        var only = root == package.Directory ? "" : $" --package {ShellWord.Quote(package.Name)}";
        var word = ShellWord.Quote(program);
        if (lunatic)
        {
            draft.Build = new($"cargo build --release{only}", root, package.Manifest);
            draft.Start = new($"lunatic target/wasm32-wasi/release/{word}.wasm", root, ".cargo/config.toml");
        }
        else
        {
            // the program alone is kept: the target folder beside it is gigabytes
            draft.Build = new($"mkdir -p bin && cargo build --release{only} && cp target/release/{word} bin", root, package.Manifest);
            draft.Start = new(draft.Framework == "rocket" ? $"ROCKET_ADDRESS=0.0.0.0 ./bin/{word}" : $"./bin/{word}", root, package.Manifest);
        }
        (draft.Test, draft.TestRunner) = (new($"cargo test{only}", root, package.Manifest), "cargo-test");
        draft.DependsOn.UnionWith(Closure(package, packages));
        if (!context.Files.Has(root, "Cargo.lock")) LockFiles.Missing(package.Manifest, "Cargo.lock", "cargo generate-lockfile", context);
        return draft;
    }

    private static HashSet<string> Closure(CargoPackage package, List<CargoPackage> packages)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<CargoPackage>([package]);
        while (open.TryPop(out var current))
            foreach (var next in packages.Where(p => current.PathDependencies().Contains(p.Directory) && p != package && seen.Add(p.Directory))) open.Push(next);
        return seen;
    }

    private static Sourced? Version(CargoPackage package, string root, AuditContext context)
    {
        foreach (var folder in new[] { package.Directory, root }.Distinct())
            foreach (var name in (ReadOnlySpan<string>)["rust-toolchain.toml", "rust-toolchain"])
            {
                var path = TreePaths.Join(folder, name);
                if (context.Files.Manifest(path) is not { } text) continue;
                var channel = text.Contains('[') ? context.Manifests.Toml(path)?.Table("toolchain")?.Text("channel") : text.Trim();
                if (channel is { Length: > 0 and < 40 }) return new(channel, path);
            }
        return ToolVersions.Of(package.Directory, "rust", "rust", context)
            ?? (package.Toml.Table("package")?.Text("rust-version") is { } asked ? new Sourced(asked, $"{package.Manifest} rust-version") : null)
            ?? ToolVersions.FromFile(package.Directory, context, ".rust-version", "rust-version.txt")
            ?? (package.Toml.Table("package")?.Text("edition") is { } edition ? new Sourced(Oldest(edition), $"{package.Manifest} edition {edition}") : null);
    }

    /// <summary>The first Rust that knows an edition.</summary>
    private static string Oldest(string edition) => edition switch { "2024" => "1.85", "2021" => "1.56", "2018" => "1.31", _ => "1.0" };
}
