namespace ProdSprint.Projects;

/// <summary>Database migrations by the tool whose files they are.</summary>
public static class MigrationFinder
{
    public static void Find(ServiceDraft draft, IReadOnlyList<TreeEntry> files, AuditContext context)
    {
        foreach (var group in files.Where(f => Tool(f.Path, draft) is not null).GroupBy(f => (Tool: Tool(f.Path, draft)!, Directory: Root(f.Path))).OrderBy(g => g.Key.Tool, StringComparer.Ordinal).ThenBy(g => g.Key.Directory, StringComparer.Ordinal))
        {
            var (tool, directory) = group.Key;
            if (tool == "sql" && draft.Migrations.Count > 0 || draft.Migrations.Any(m => m.Tool == tool && m.Directory == directory)) continue;
            var command = Command(tool, directory == draft.Directory ? "." : draft.Directory == "." ? directory : directory[(draft.Directory.Length + 1)..], draft);
            draft.Migrations.Add(new(tool, directory, group.Count(), command));
            // these run inside the program when it starts, as their frameworks have it
            if (command is null && tool is not ("flyway" or "liquibase" or "sea-orm"))
                context.Gaps.Add(GapCodes.MigrationManual, GapSeverity.Info, $"Migrations in {directory} are not applied by the plan",
                    "No command is known that applies them, so the new version may meet an old schema.", "Add \"release: <command>\" to the Procfile, or let the program apply them at start", new(directory), draft.Name);
        }
    }

    private static string? Tool(string path, ServiceDraft draft)
    {
        var name = TreePaths.NameOf(path);
        bool In(string folder) => path.Contains("/" + folder + "/", StringComparison.Ordinal) || path.StartsWith(folder + "/", StringComparison.Ordinal);
        return draft.Language switch
        {
            "node" when In("prisma/migrations") && name == "migration.sql" => "prisma",
            "node" when In("migrations") && TreePaths.ExtensionOf(path) is ".js" or ".ts" or ".mjs" or ".cjs" && char.IsAsciiDigit(name[0]) =>
                draft.Packages.Contains("knex") ? "knex" : draft.Packages.Contains("typeorm") ? "typeorm" : draft.Packages.Contains("sequelize") ? "sequelize" : null,
            "node" when (In("drizzle") || In("migrations")) && name.EndsWith(".sql", StringComparison.Ordinal) && draft.Packages.Contains("drizzle-kit") => "drizzle",
            "python" when In("versions") && path.Contains("alembic", StringComparison.Ordinal) && name.EndsWith(".py", StringComparison.Ordinal) => "alembic",
            "python" when In("migrations/versions") && name.EndsWith(".py", StringComparison.Ordinal) => "alembic",
            "dotnet" when In("Migrations") && name.EndsWith(".cs", StringComparison.Ordinal) && !name.EndsWith(".Designer.cs", StringComparison.Ordinal) && !name.EndsWith("Snapshot.cs", StringComparison.Ordinal) && char.IsAsciiDigit(name[0]) => "ef-core",
            "node" when In("migrations") && char.IsAsciiDigit(name[0]) && draft.Packages.Contains("mongoose") && draft.Packages.Contains("migrate-mongo") => "migrate-mongo",
            _ when In("db/migration") && name.Length > 1 && name[0] is 'V' or 'R' && name.Contains("__", StringComparison.Ordinal) && name.EndsWith(".sql", StringComparison.Ordinal) => "flyway",
            _ when In("db/changelog") => "liquibase",
            "rust" when In("migrations") && name == "up.sql" => "diesel",
            "rust" when In("migrations") && name.EndsWith(".sql", StringComparison.Ordinal) && name != "down.sql" && draft.Packages.Contains("sqlx") => "sqlx",
            "rust" when In("migration") && name.StartsWith('m') && draft.Packages.Contains("sea-orm") => "sea-orm",
            "go" when name.EndsWith(".sql", StringComparison.Ordinal) && In("migrations") && draft.Packages.Contains("github.com/pressly/goose/v3") => "goose",
            _ when (In("migrations") || In("migration")) && name.EndsWith(".up.sql", StringComparison.Ordinal) => "golang-migrate",
            _ when (In("migrations") || In("migration") || In("migrate")) && name.EndsWith(".sql", StringComparison.Ordinal) && !name.EndsWith(".down.sql", StringComparison.Ordinal) => "sql",
            _ => null,
        };
    }

    private static ServiceCommand? Command(string tool, string directory, ServiceDraft draft) => tool switch
    {
        "prisma" => draft.Command("npx --no-install prisma migrate deploy", "rule: prisma"),
        "knex" => draft.Command("npx --no-install knex migrate:latest", "rule: knex"),
        "diesel" => draft.Command("diesel migration run", "rule: diesel"),
        "sqlx" => draft.Command("sqlx migrate run", "rule: sqlx"),
        "goose" => draft.Command($"goose -dir {ShellWord.Quote(directory)} up", "rule: goose"),
        "sequelize" when draft.Packages.Contains("sequelize-cli") => draft.Command("npx --no-install sequelize-cli db:migrate", "rule: sequelize"),
        "drizzle" => draft.Command("npx --no-install drizzle-kit migrate", "rule: drizzle"),
        "alembic" => draft.Command(".venv/bin/python -m alembic upgrade head", "rule: alembic"),
        _ => null,
    };

    private static string Root(string path)
    {
        foreach (var folder in (ReadOnlySpan<string>)["migrations/", "Migrations/", "migration/", "migrate/", "drizzle/", "versions/"])
            if (path.LastIndexOf("/" + folder, StringComparison.Ordinal) is > -1 and var at) return path[..(at + folder.Length)];
            else if (path.StartsWith(folder, StringComparison.Ordinal)) return folder[..^1];
        return TreePaths.DirectoryOf(path);
    }
}
