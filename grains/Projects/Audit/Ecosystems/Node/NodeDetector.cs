namespace ProdSprint.Projects;

/// <summary>Node services: each package.json that has something to start or files to serve. Precedence of the start command as Railpack's.</summary>
public sealed class NodeDetector : IServiceDetector
{
    public IEnumerable<ServiceDraft> Detect(AuditContext context)
    {
        var packages = new List<NodePackage>();
        foreach (var name in NodeManifests.Names)
            foreach (var file in context.Files.Named(name))
                if (packages.All(p => p.Directory != TreePaths.DirectoryOf(file.Path)) && NodeManifests.Read(file.Path, context) is { } json) packages.Add(new(file.Path, json));
        var workspaces = new NodeWorkspaces(packages, context);
        var drafts = packages.Select(p => (Package: p, Draft: Draft(p, workspaces, context))).ToList();
        foreach (var (package, draft) in drafts)
        {
            // a workspace's root usually only starts its members; it is a service of its own when it has a server itself
            if (workspaces.Roots.Contains(package) && !NodeFrameworks.IsServer(draft.Framework) && draft.Framework is not ("next" or "nuxt" or "remix")
                && drafts.Any(d => d.Draft.IsRunnable && d.Package != package && workspaces.RootOf(d.Package) == package)) continue;
            if (PartOfAnother.Is(draft, context)) continue;
            var projects = NodeConfigured.NestProjects(draft, package, NodePackageManager.Of(workspaces.RootOf(package), context), context).ToList();
            if (projects.Count == 0) yield return draft;
            foreach (var project in projects) yield return project;
        }
        if (packages.All(p => p.Directory != ".") && BareNode.Draft(context) is { } bare) yield return bare;
    }

    private static ServiceDraft Draft(NodePackage package, NodeWorkspaces workspaces, AuditContext context)
    {
        var files = context.Files;
        var root = workspaces.RootOf(package);
        var manager = NodePackageManager.Of(root, context);
        var draft = new ServiceDraft("node", package.Directory, package.Path)
        {
            Name = package.Name,
            Version = Version(package, root, context),
            PackageManager = new(manager.Name == "yarn" && manager.Berry ? "yarn-berry" : manager.Name, manager.Source),
        };
        (draft.Framework, draft.DefaultPort) = NodeFrameworks.Of(package);
        draft.Packages.UnionWith(package.AllDependencies);
        var needed = workspaces.NeededBy(package);
        draft.DependsOn.UnionWith(needed.Select(n => n.Directory));
        foreach (var part in needed.Select(n => (Package: n, Draft: new ServiceDraft("node", n.Directory, n.Path))))
        {
            part.Draft.Packages.UnionWith(part.Package.AllDependencies);
            draft.Parts.Add(part.Draft);
        }

        var hasDependencies = package.AllDependencies.Count > 0 || root != package || manager.Locked;
        if (hasDependencies || root.Workspaces.Count > 0)
            draft.Install = new(manager.Install, root.Directory, manager.Locked ? manager.Source : "package.json");
        if (hasDependencies && !manager.Locked)
            context.Gaps.Add(GapCodes.LockfileMissing, GapSeverity.Warning, $"{root.Path} has no lock file",
                "Each build may take other versions of its dependencies than the one that was tested.",
                $"Run \"{manager.Name} install\" in {root.Directory} and commit the lock file it writes", new(root.Path), null);

        if (draft.Install is not null && manager is { Name: "npm", Locked: true } && root == package && package.Workspaces.Count == 0 && NpmLock.Disagrees(package, context) is { } stale)
        {
            // "npm ci" would refuse
            draft.Install = draft.Install with { Line = "npm install" };
            context.Gaps.Add(GapCodes.LockfileStale, GapSeverity.Warning, $"package-lock.json does not belong to {package.Path}", $"They disagree about {stale}, so what is installed is not what was tested.",
                $"Run \"npm install\" in {package.Directory} and commit package-lock.json", new(TreePaths.Join(package.Directory, "package-lock.json")));
        }
        draft.Build = Build(package, root, needed, manager, files.Has(root.Directory, "nx.json"));
        Start(package, root, draft, manager, files, context);
        if (draft.Output is { } output && (draft.Output = TreePaths.Resolve(package.Directory, output)) is null)
            context.Gaps.Add(GapCodes.OutputMissing, GapSeverity.Blocking, $"{package.Path} builds to a folder outside the repository", "What it builds cannot be served.",
                $"Let the build of {package.Path} write below {package.Directory}", new(package.Path));
        Tests(package, draft, manager);
        return draft;
    }

    private static ServiceCommand? Build(NodePackage package, NodePackage root, List<NodePackage> needed, NodePackageManager manager, bool nx)
    {
        var buildsItself = package.Script("build") is not null;
        var before = needed.Where(n => n.Script("build") is not null && n.Name is not null).ToList();
        if (!buildsItself && nx && package != root && package.Name is not null) return new(manager.Exec($"nx build {package.Name}"), root.Directory, "nx.json");
        // adapter-auto makes a Node server only where it believes to be on a platform that wants one; this is the one such name it knows
        var auto = package.Needs("@sveltejs/adapter-auto") && !package.Needs("@sveltejs/adapter-node") ? "GCP_BUILDPACKS=true " : "";
        if (before.Count == 0 || package.Name is null)
            return buildsItself ? new(auto + manager.Run("build"), package.Directory, "package.json scripts.build") : null;
        var lines = before.Select(n => manager.RunIn(n, "build"));
        if (buildsItself) lines = lines.Append(manager.RunIn(package, "build"));
        return new(string.Join(" && ", lines), root.Directory, "package.json scripts.build, dependencies in the workspace first");
    }

    private static void Start(NodePackage package, NodePackage root, ServiceDraft draft, NodePackageManager manager, RepositoryFiles files, AuditContext context)
    {
        if (NodeConfigured.Apply(package, draft, manager, context)) return;
        var script = package.Script("start");
        var output = NodeFrameworks.StaticOutput(package, draft.Framework, context);
        var meant = NodeFrameworks.Followed(package, script);
        if (output is not null && (meant is null || NodeFrameworks.IsDevelopmentServer(meant) || NodeFrameworks.IsFileServer(meant)))
        {
            (draft.Output, draft.Kind) = (output, ServiceKind.Static);
            return;
        }
        if (script is not null)
        {
            // `node x` is run without the package manager in between, which would not pass SIGTERM on
            var direct = IsPlainNode(script) && package.Script("prestart") is null && package.Script("poststart") is null;
            draft.Start = draft.Command(direct ? script : manager.Run("start"), "package.json scripts.start");
            if (NodeFrameworks.IsDevelopmentServer(meant) || script.Contains("nodemon", StringComparison.Ordinal))
                draft.StartDoubt = (GapCodes.StartDevelopment, $"\"start\" of {package.Path} runs a development server",
                    "It watches files, is slow and may show stack traces to users.", $"Let scripts.start in {package.Path} run the built program, e.g. \"node dist/index.js\"");
            return;
        }
        if (draft.Framework switch
        {
            "nuxt" => ("node .output/server/index.mjs", "rule: nuxt"),
            "next" when draft.Build is not null => (manager.Exec("next start"), "rule: next"),
            "astro" when package.Needs("@astrojs/node") => ("node ./dist/server/entry.mjs", "rule: astro with @astrojs/node"),
            "sveltekit" when package.Needs("@sveltejs/adapter-node") || package.Needs("@sveltejs/adapter-auto") => ("node build", "rule: sveltekit with adapter-node"),
            "tanstack-start" or "solid-start" when package.Needs("nitro") || package.Needs("nitropack") || package.Needs("vinxi") => ("node .output/server/index.mjs", $"rule: {draft.Framework} with nitro"),
            "tanstack-start" => (manager.Name == "bun" ? "bunx srvx --prod -s ../client dist/server/server.js" : "npx srvx --prod -s ../client dist/server/server.js", "rule: tanstack-start"),
            "nitro" when draft.Build is not null => ("node .output/server/index.mjs", "rule: nitro"),
            "remix" when package.Needs("@remix-run/serve") => (manager.Exec("remix-serve build/server/index.js"), "rule: remix"),
            "react-router" when package.Needs("@react-router/serve") => (manager.Exec("react-router-serve ./build/server/index.js"), "rule: react-router"),
            _ => default,
        } is { Item1: { } line, Item2: var rule })
        {
            draft.Start = draft.Command(line, rule);
            return;
        }
        var runner = manager.Name == "bun" ? "bun" : "node";
        // "bun init" writes the program's source as the module; a library's names what its build writes, and a member of a workspace is one to the others
        if (runner == "bun" && root == package && package.Module is { } source && TreePaths.Resolve(package.Directory, source) is { } program && (TreePaths.ExtensionOf(program) is ".ts" or ".tsx") && files.HasFile(program) && !package.IsPublished)
        {
            draft.Start = draft.Command($"bun {ShellWord.Quote(Relative(program, package.Directory))}", "package.json module");
            return;
        }
        if (package.IsLibrary) return;
        var main = package.Main is { } m && TreePaths.Resolve(package.Directory, m) is { } at ? MainFile(files, at) : null;
        if (main is not null && (main.EndsWith("js", StringComparison.Ordinal) || runner == "bun"))
            draft.Start = draft.Command($"{runner} {Relative(main, package.Directory)}", "package.json main");
        else if (new[] { "index.js", "server.js", "app.js", "index.mjs" }.FirstOrDefault(n => files.Has(package.Directory, n)) is { } index)
            draft.Start = draft.Command($"{runner} {index}", $"file {index}");
        else if (runner == "bun" && Sources.FirstOrDefault(s => files.Has(package.Directory, s) && (s == "index.ts" || Serves(files.Manifest(TreePaths.Join(package.Directory, s)) ?? "", draft.Framework))) is { } own)
            draft.Start = draft.Command($"bun {own}", $"file {own}");
    }

    private static readonly string[] Sources = ["index.ts", "server.ts", "src/index.ts", "src/server.ts"];

    /// <summary>Bun itself serves what a program exports with a "fetch", which an application of Hono is.</summary>
    private static bool Serves(string text, string? framework) => text.Contains("Bun.serve(", StringComparison.Ordinal) || text.Contains(".listen(", StringComparison.Ordinal) || framework == "hono" && text.Contains("export default", StringComparison.Ordinal);

    private static string? MainFile(RepositoryFiles files, string at) =>
        new[] { at, at + ".js", at + "/index.js" }.FirstOrDefault(files.HasFile);

    private static string Relative(string path, string directory) => directory == "." ? path : path[(directory.Length + 1)..];

    internal static bool IsPlainNode(string script) => script.StartsWith("node ", StringComparison.Ordinal) && script.AsSpan().IndexOfAny("&|;<>$`()") < 0;

    private static void Tests(NodePackage package, ServiceDraft draft, NodePackageManager manager)
    {
        var script = package.Script("test");
        if (script is null || script.Contains("no test specified", StringComparison.Ordinal)) return;
        draft.Test = draft.Command(manager.Run("test"), "package.json scripts.test");
        draft.TestRunner = script.Contains("node --test", StringComparison.Ordinal) || script.Contains("--test", StringComparison.Ordinal) && script.Contains("node", StringComparison.Ordinal) ? "node-test"
            : new[] { "vitest", "jest", "mocha", "ava", "tap", "jasmine", "playwright", "cypress" }.FirstOrDefault(r => script.Contains(r, StringComparison.Ordinal))
            ?? (script.Contains("react-scripts", StringComparison.Ordinal) ? "jest" : script.Contains("ng test", StringComparison.Ordinal) ? "karma" : script.Contains("bun test", StringComparison.Ordinal) ? "bun-test" : "npm-script");
    }

    private static Sourced? Version(NodePackage package, NodePackage root, AuditContext context)
    {
        foreach (var p in new[] { package, root })
        {
            if (p.Engines.TryGetValue("node", out var engines)) return new(engines, $"{p.Path} engines.node");
            if (p.Runtime is { } runtime) return new(runtime, $"{p.Path} devEngines.runtime");
            foreach (var name in (ReadOnlySpan<string>)[".nvmrc", ".node-version"])
                if (context.Files.Manifest(TreePaths.Join(p.Directory, name))?.Trim() is { Length: > 0 and < 40 } text) return new(text.TrimStart('v'), TreePaths.Join(p.Directory, name));
            if (ToolVersions.Of(p.Directory, "nodejs", "node", context) is { } version) return version;
            if (p.Volta.TryGetValue("node", out var volta)) return new(volta, $"{p.Path} volta.node");
        }
        return null;
    }
}
