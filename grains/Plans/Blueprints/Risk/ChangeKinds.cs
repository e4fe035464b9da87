namespace ProdSprint.Plans.Blueprints.Risk;

/// <summary>What a changed file is, by its name alone.</summary>
internal static class ChangeKinds
{
    private static readonly HashSet<string> Dependencies =
    [
        "package.json", "package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml", "bun.lock", "deno.lock", "requirements.txt", "pyproject.toml", "poetry.lock", "uv.lock", "pdm.lock", "Pipfile",
        "Pipfile.lock", "go.mod", "go.sum", "pom.xml", "build.gradle", "build.gradle.kts", "gradle.lockfile", "Gemfile", "Gemfile.lock", "composer.json", "composer.lock", "Cargo.toml", "Cargo.lock", "mix.exs", "mix.lock",
        "Directory.Packages.props", "packages.lock.json", "build.sbt", "Package.swift", "Package.resolved", "pubspec.yaml", "pubspec.lock",
    ];

    private static readonly string[] Schema = ["migrations/", "migrate/", "alembic/", "prisma/schema.prisma", "db/schema.rb", "flyway/", "liquibase/", "Migrations/"];

    private static readonly string[] Harmless = [".md", ".txt", ".rst", ".adoc", ".png", ".svg", ".jpg"];

    public static bool IsDependency(string path) => Dependencies.Contains(Name(path)) || path.EndsWith(".csproj", StringComparison.Ordinal);

    public static bool IsSchema(string path) => Schema.Any(s => path.StartsWith(s, StringComparison.Ordinal) || path.Contains("/" + s, StringComparison.Ordinal));

    /// <summary>Nothing that runs: documentation, pictures and tests. What pip reads is no documentation.</summary>
    public static bool IsHarmless(string path) => !IsDependency(path) && (Harmless.Any(h => path.EndsWith(h, StringComparison.OrdinalIgnoreCase))
        || path.Split('/').Any(part => part is "docs" or "test" or "tests" or "__tests__" or "spec"));

    private static string Name(string path) => path[(path.LastIndexOf('/') + 1)..];
}
