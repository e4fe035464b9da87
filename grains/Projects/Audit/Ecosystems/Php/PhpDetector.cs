using System.Text.Json;

namespace ProdSprint.Projects;

/// <summary>PHP: a folder with a composer.json, or an index.php in the root. Served by FrankenPHP from the framework's document root, as Railpack does.</summary>
public sealed class PhpDetector : IServiceDetector
{
    /// <summary>The tests' own copy has what only they need.</summary>
    private const string ForTests = "composer install --no-interaction --no-scripts";

    /// <summary>The package that names the framework, and the folder it wants served. First match wins.</summary>
    private static readonly (string Package, string Framework, string Root)[] Frameworks =
    [
        ("laravel/framework", "laravel", "public"), ("laravel/lumen-framework", "lumen", "public"), ("symfony/framework-bundle", "symfony", "public"), ("symfony/runtime", "symfony", "public"),
        ("slim/slim", "slim", "public"), ("cakephp/cakephp", "cakephp", "webroot"), ("codeigniter4/framework", "codeigniter", "public"), ("yiisoft/yii2", "yii", "web"), ("drupal/core", "drupal", "web"),
        ("drupal/core-recommended", "drupal", "web"), ("craftcms/cms", "craft", "web"), ("roots/bedrock", "wordpress", "web"), ("johnpbloch/wordpress-core", "wordpress", "web"), ("laminas/laminas-mvc", "laminas", "public"),
    ];

    private static readonly string[] DocumentRoots = ["public", "web", "webroot", "htdocs", "www", "public_html"];
    private static readonly string[] Others = ["package.json", "requirements.txt", "pyproject.toml", "Gemfile", "go.mod", "pom.xml", "build.gradle", "build.gradle.kts", "Cargo.toml", "mix.exs", "deno.json"];

    public IEnumerable<ServiceDraft> Detect(AuditContext context)
    {
        var folders = context.Files.Named("composer.json").Select(f => TreePaths.DirectoryOf(f.Path)).ToHashSet(StringComparer.Ordinal);
        // a page of PHP in a document root, where nothing else says what the folder is
        if (context.Files.HasFile("index.php") || DocumentRoots.Any(r => context.Files.Has(r, "index.php")) && !Others.Any(context.Files.HasFile)) folders.Add(".");
        foreach (var folder in folders.Order(StringComparer.Ordinal)) yield return Draft(folder, context);
    }

    private static ServiceDraft Draft(string folder, AuditContext context)
    {
        var files = context.Files;
        var composer = TreePaths.Join(folder, "composer.json");
        var json = files.HasFile(composer) ? context.Manifests.Json(composer) : null;
        var packages = (json?.Object("require").Keys() ?? []).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var known = Frameworks.FirstOrDefault(f => packages.Contains(f.Package));
        if (known.Framework is null && files.Has(folder, "artisan")) known = ("", "laravel", "public");
        var draft = new ServiceDraft("php", folder, json is null ? Page(folder, context.Files) : composer)
        {
            Name = json?.Text("name"), Framework = known.Framework, DefaultPort = 80, Version = Version(folder, composer, json, context),
            PackageManager = json is null ? null : new("composer", composer),
        };
        draft.Packages.UnionWith(packages);
        var node = NodeAssets.Of(folder, context);
        if (packages.Any(p => p.Contains('/')) || node is not null)
            draft.Install = draft.Command(Joined(json is null ? null : "composer install --no-dev --optimize-autoloader --no-scripts --no-interaction", node?.Install), json is null ? "package.json" : "composer.json");
        if (json is not null && packages.Any(p => p.Contains('/')) && !files.Has(folder, "composer.lock")) LockFiles.Missing(composer, "composer.lock", "composer update --lock", context);
        // Laravel's config cache is left out: it would freeze the build's environment into the artifact, and one artifact runs in staging and in production
        draft.Build = Joined(node?.Build, known.Framework == "laravel" ? "php artisan package:discover && php artisan event:cache && php artisan route:cache && php artisan view:cache" : null) is { Length: > 0 } build
            ? draft.Command(build, node?.Build is null ? "rule: laravel" : "package.json scripts.build") : null;
        var root = Root(folder, known.Root, files);
        if (root is not null)
        {
            draft.Start = draft.Command($"frankenphp php-server --listen :${{PORT:-80}}{(root == "." ? "" : $" --root {root}")}", "rule: FrankenPHP");
            (draft.Kind, draft.Port) = (ServiceKind.Web, new(80, "PORT", "rule: FrankenPHP"));
        }
        Migrations(draft, packages, files);
        if (json?.Object("scripts") is { } scripts && scripts.TryGetProperty("test", out _)) (draft.Test, draft.TestRunner) = (draft.Command($"{ForTests} && composer test", "composer.json scripts.test"), "composer");
        else if (files.Has(folder, "phpunit.xml") || files.Has(folder, "phpunit.xml.dist"))
            (draft.Test, draft.TestRunner) = files.Has(TreePaths.Join(folder, "tests"), "Pest.php") ? (draft.Command($"{ForTests} && vendor/bin/pest", "tests/Pest.php"), "pest") : (draft.Command($"{ForTests} && vendor/bin/phpunit", "phpunit.xml"), "phpunit");
        return draft;
    }

    /// <summary>The folder to serve, relative to the service's; null when there is no entry script: a library.</summary>
    private static string? Root(string folder, string? wanted, RepositoryFiles files) =>
        DocumentRoots.Prepend(wanted).OfType<string>().FirstOrDefault(r => files.Has(TreePaths.Join(folder, r), "index.php"))
        ?? (files.Has(folder, "index.php") ? "." : wanted);

    private static string Page(string folder, RepositoryFiles files) => TreePaths.Join(folder, Root(folder, null, files) is { } root and not "." ? $"{root}/index.php" : "index.php");

    private static void Migrations(ServiceDraft draft, HashSet<string> packages, RepositoryFiles files)
    {
        var laravel = TreePaths.Join(draft.Directory, "database/migrations");
        if (draft.Framework == "laravel" && files.In(laravel).Count is > 0 and var many) draft.Migrations.Add(new("laravel", laravel, many, draft.Command("php artisan migrate --force", "rule: laravel")));
        var doctrine = TreePaths.Join(draft.Directory, "migrations");
        if (packages.Contains("doctrine/doctrine-migrations-bundle") && files.In(doctrine).Count(f => f.Path.EndsWith(".php", StringComparison.Ordinal)) is > 0 and var count)
            draft.Migrations.Add(new("doctrine", doctrine, count, draft.Command("php bin/console doctrine:migrations:migrate --no-interaction", "rule: doctrine")));
    }

    private static Sourced? Version(string folder, string composer, JsonElement? json, AuditContext context)
    {
        if (json?.Object("config")?.Object("platform")?.Text("php") is { } platform) return new(platform, $"{composer} config.platform.php");
        if (json?.Object("require")?.Text("php") is { } required) return new(required, $"{composer} require.php");
        return ToolVersions.FromFile(folder, context, ".php-version") ?? ToolVersions.Of(folder, "php", "php", context);
    }

    private static string Joined(params string?[] lines) => string.Join(" && ", lines.Where(l => l is not null));
}
