using System.Text.Json;
using System.Text.RegularExpressions;

namespace ProdSprint.Projects;

/// <summary>Names a Node package's framework, and says whether its build gives files to serve or a program to run.</summary>
public static partial class NodeFrameworks
{
    /// <summary>First match wins: the outer framework before what it is built on.</summary>
    private static readonly (string Package, string Framework, int Port)[] Known =
    [
        ("@redwoodjs/core", "redwood", 8910), ("@strapi/strapi", "strapi", 1337), ("next", "next", 3000), ("nuxt", "nuxt", 3000), ("@remix-run/node", "remix", 3000), ("@remix-run/serve", "remix", 3000), ("@react-router/serve", "react-router", 3000),
        ("@react-router/dev", "react-router", 3000), ("@tanstack/react-start", "tanstack-start", 3000), ("@tanstack/solid-start", "tanstack-start", 3000), ("@tanstack/start", "tanstack-start", 3000), ("@solidjs/start", "solid-start", 3000), ("@sveltejs/kit", "sveltekit", 3000), ("astro", "astro", 4321),
        ("gatsby", "gatsby", 9000), ("@docusaurus/core", "docusaurus", 3000), ("@nestjs/core", "nest", 3000), ("fastify", "fastify", 3000), ("express", "express", 3000),
        ("koa", "koa", 3000), ("@hapi/hapi", "hapi", 3000), ("hono", "hono", 3000), ("restify", "restify", 8080), ("@feathersjs/feathers", "feathers", 3030),
        ("@adonisjs/core", "adonis", 3333), ("@angular/core", "angular", 4200), ("react-scripts", "create-react-app", 3000), ("expo", "expo", 8081), ("nitropack", "nitro", 3000), ("nitro", "nitro", 3000),
        ("xmcp", "xmcp", 3001), ("sapper", "sapper", 3000), ("brunch", "brunch", 3333), ("ember-cli", "ember", 4200), ("hexo", "hexo", 4000), ("polymer-cli", "polymer", 8081), ("preact-cli", "preact", 8080), ("sanity", "sanity", 3333),
        ("@sanity/cli", "sanity", 3333), ("@stencil/core", "stencil", 3333), ("umi", "umi", 8000), ("@umijs/max", "umi", 8000), ("vuepress", "vuepress", 8080), ("vitepress", "vitepress", 4173),
        ("vite", "vite", 4173), ("parcel", "parcel", 1234), ("@11ty/eleventy", "eleventy", 8080), ("@vue/cli-service", "vue-cli", 8080), ("@grpc/grpc-js", "grpc", 50051),
    ];

    private static readonly HashSet<string> Servers = ["nest", "fastify", "express", "koa", "hapi", "hono", "restify", "feathers", "adonis"];

    public static (string? Framework, int Port) Of(NodePackage package)
    {
        // Angular's server rendering brings express along
        if (package.Needs("@angular/core") && (package.Needs("@angular/ssr") || package.Needs("@nguniversal/express-engine"))) return ("angular", 4000);
        // a server among the run-time dependencies outranks a bundler among the tools
        foreach (var (name, framework, port) in Known)
            if (package.Needs(name) && !(framework is "vite" or "parcel" or "angular" && Known.Any(k => Servers.Contains(k.Framework) && package.Dependencies.Contains(k.Package) && package.Script("start") is not null)))
                return (framework, port);
        return (null, 3000);
    }

    public static bool IsServer(string? framework) => framework is not null && Servers.Contains(framework);

    /// <summary>Serves a finished static build from the disk, which the router does itself.</summary>
    public static bool IsFileServer(string script) => FileServer().IsMatch(script);

    /// <summary>Starts a development server, so it is not how the built site is served.</summary>
    public static bool IsDevelopmentServer(string? script) => script is not null && DevelopmentServer().IsMatch(script);

    /// <summary>What a script that only runs another one of the same file comes to ("start": "npm run develop").</summary>
    public static string? Followed(NodePackage package, string? script)
    {
        for (var steps = 0; script is not null && steps < 5 && Runs().Match(script) is { Success: true } match && package.Script(match.Groups[1].Value) is { } next; steps++) script = next;
        return script;
    }

    /// <summary>Where a static build puts its files, relative to the package; null when this package's build is a program.</summary>
    public static string? StaticOutput(NodePackage package, string? framework, AuditContext context)
    {
        var build = package.Script("build") ?? "";
        switch (framework)
        {
            case "vite" when build.Length > 0:
                return Option(build, "--outDir") ?? Configured(package, context, OutDir(), "vite.config.js", "vite.config.ts", "vite.config.mjs", "vite.config.mts") ?? "dist";
            case "create-react-app" when build.Length > 0: return "build";
            case "angular" when build.Contains("ng build", StringComparison.Ordinal): return Angular(package, context);
            case "astro" when build.Length > 0:
                var config = Text(package, context, "astro.config.mjs", "astro.config.ts", "astro.config.js");
                var server = config is not null && AstroServer().IsMatch(config) || new[] { "node", "cloudflare", "netlify" }.Any(a => package.Needs("@astrojs/" + a));
                // this adapter puts what is rendered in advance where its platform looks for it
                if (!server && package.Needs("@astrojs/vercel")) return ".vercel/output/static";
                return server ? null : config is not null && OutDir().Match(config) is { Success: true } match ? Clean(match.Groups[1].Value) : "dist";
            case "next" when build.Length > 0 && Text(package, context, "next.config.js", "next.config.mjs", "next.config.ts") is { } next && NextExport().IsMatch(next): return "out";
            case "sveltekit" when package.Needs("@sveltejs/adapter-static"): return "build";
            case "react-router" when Text(package, context, "react-router.config.ts", "react-router.config.js") is { } router && NoSsr().IsMatch(router): return "build/client";
            case "gatsby" when build.Length > 0: return "public";
            case "docusaurus" when build.Length > 0: return "build";
            case "vitepress" when build.Length > 0: return Option(build, "build") is { } root && root != "--" ? $"{root}/.vitepress/dist" : ".vitepress/dist";
            case "parcel" or "vue-cli" when build.Length > 0: return Option(build, "--dist-dir") ?? Option(build, "--dest") ?? "dist";
            case "eleventy" when build.Length > 0: return Option(build, "--output") ?? "_site";
            case "brunch" when build.Length > 0: return "public";
            case "ember" or "sanity" when build.Length > 0: return Option(build, "--output-path") ?? "dist";
            case "umi" when build.Length > 0: return Configured(package, context, OutputPath(), ".umirc.ts", ".umirc.js", "config/config.ts", "config/config.js") ?? "dist";
            case "hexo" when build.Length > 0: return context.Files.HasFile(TreePaths.Join(package.Directory, "_config.yml")) && context.Manifests.Yaml(TreePaths.Join(package.Directory, "_config.yml"))?["public_dir"]?.Text is { Length: > 0 } folder ? Clean(folder) : "public";
            case "polymer" when build.Length > 0:
                var polymer = TreePaths.Join(package.Directory, "polymer.json");
                var builds = context.Files.HasFile(polymer) && context.Manifests.Json(polymer, lenient: true) is { } json && json.TryGetProperty("builds", out var list) && list.ValueKind == JsonValueKind.Array && list.GetArrayLength() > 0 ? list[0] : default;
                return builds.ValueKind == JsonValueKind.Object ? $"build/{builds.Text("name") ?? builds.Text("preset") ?? "default"}" : "build/default";
            case "preact" when build.Contains("preact build", StringComparison.Ordinal): return Option(build, "--dest") ?? "build";
            case "sapper" when build.Contains("sapper export", StringComparison.Ordinal): return Option(build, "export") ?? "__sapper__/export";
            // else its build is a library of components
            case "stencil" when build.Length > 0 && context.Files.Has(package.Directory, "src/index.html"): return "www";
            case "vuepress" when build.Length > 0: return $"{(Option(build, "build") is { } pages and not "." ? pages + "/" : "")}.vuepress/dist";
            default: return null;
        }
    }

    private static string? Angular(NodePackage package, AuditContext context)
    {
        if (context.Manifests.Json(TreePaths.Join(package.Directory, "angular.json"), lenient: true) is not { } json || json.Object("projects") is not { } projects) return "dist";
        foreach (var project in projects.EnumerateObject())
        {
            var target = project.Value.Object("architect")?.Object("build") ?? project.Value.Object("targets")?.Object("build");
            if (target is not { } build) continue;
            var options = build.Object("options") ?? default;
            var output = options.Text("outputPath") ?? options.Object("outputPath")?.Text("base") ?? $"dist/{project.Name}";
            var application = build.Text("builder") is { } builder && (builder.EndsWith(":application", StringComparison.Ordinal)) || options.Text("browser") is not null;
            return Clean(application ? output + "/browser" : output);
        }
        return "dist";
    }

    internal static string? Option(string script, string name)
    {
        var words = script.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i < words.Length; i++)
        {
            if (words[i].StartsWith(name + "=", StringComparison.Ordinal)) return Clean(words[i][(name.Length + 1)..]);
            if (words[i] == name && i + 1 < words.Length && words[i + 1][0] is not ('-' or '&' or '|' or ';')) return Clean(words[i + 1]);
        }
        return null;
    }

    private static string? Configured(NodePackage package, AuditContext context, Regex pattern, params string[] names) =>
        Text(package, context, names) is { } text && pattern.Match(text) is { Success: true } match ? Clean(match.Groups[1].Value) : null;

    private static string? Text(NodePackage package, AuditContext context, params string[] names) =>
        names.Select(n => TreePaths.Join(package.Directory, n)).Where(context.Files.HasFile).Select(context.Files.Manifest).FirstOrDefault();

    /// <summary>May climb ("../public"): the caller resolves it against the package's folder.</summary>
    private static string Clean(string path) => path.Trim('"', '\'').TrimEnd('/') is { Length: > 0 } clean ? clean : ".";

    [GeneratedRegex(@"^(?:(?:cross-env|npx|env)\s+)*(?:[A-Z_]+=\S+\s+)*(?:vite(?:\s+(?!build|preview)|\s*$)|vite\s+(?:dev|serve)|react-scripts\s+start|ng\s+serve|astro\s+(?:dev|start)|astro\s*$|expo\s+start|gatsby\s+develop|docusaurus\s+start|vitepress\s+dev|vue-cli-service\s+serve|parcel\s+(?!build)|parcel\s*$|webpack(?:-dev-server|\s+serve)|eleventy\s+--serve|brunch\s+watch|ember\s+s(?:erve|erver)?\b|hexo\s+s(?:erver)?\b|polymer\s+serve|preact\s+watch|sanity\s+(?:start|dev)|stencil\s+build\b.*\s--serve|(?:umi|max)\s+dev|sapper\s+dev|vuepress\s+dev|nx\s+serve|nitro\s+dev|strapi\s+dev)")]
    private static partial Regex DevelopmentServer();

    [GeneratedRegex(@"^(?:npx\s+)?(?:vite\s+preview|astro\s+preview|serve(?:\s|$)|http-server(?:\s|$)|react-router-serve|next\s+start|gatsby\s+serve|vitepress\s+preview|docusaurus\s+serve|sirv\s)")]
    private static partial Regex FileServer();

    [GeneratedRegex(@"outputPath:\s*['""]([^'""]+)['""]")]
    private static partial Regex OutputPath();

    [GeneratedRegex(@"outDir:\s*['""]([^'""]+)['""]")]
    private static partial Regex OutDir();

    [GeneratedRegex(@"output:\s*['""](?:server|hybrid)['""]")]
    private static partial Regex AstroServer();

    [GeneratedRegex(@"output:\s*['""]export['""]")]
    private static partial Regex NextExport();

    [GeneratedRegex(@"^(?:npm|pnpm|yarn|bun)\s+(?:run\s+)?([\w:-]+)$")]
    private static partial Regex Runs();

    [GeneratedRegex(@"ssr:\s*false")]
    private static partial Regex NoSsr();
}
