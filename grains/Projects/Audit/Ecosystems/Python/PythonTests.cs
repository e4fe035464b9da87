using System.Text.RegularExpressions;

namespace ProdSprint.Projects;

/// <summary>
/// How a Python folder's tests are run, and with what besides the program: what only tests need is no part of what is deployed, so it is installed in front of them, into the copy
/// that they run on.
/// </summary>
internal static partial class PythonTests
{
    private static readonly string[] RequirementFiles =
    [
        "requirements-dev.txt", "requirements_dev.txt", "dev-requirements.txt", "requirements-test.txt", "requirements_test.txt", "requirements-tests.txt", "test-requirements.txt",
        "requirements/dev.txt", "requirements/development.txt", "requirements/test.txt", "requirements/tests.txt", "requirements/testing.txt",
    ];

    /// <summary>What groups and extras of this purpose are called, the likeliest first.</summary>
    private static readonly string[] Groups = ["test", "tests", "testing", "dev", "develop", "development"];

    public static void Find(PythonProject project, ServiceDraft draft, AuditContext context)
    {
        var files = context.Files;
        var (install, asked) = Needs(project, draft.Directory, context);
        var pytest = asked || project.Needs("pytest") || files.Has(draft.Directory, "pytest.ini") || files.Has(draft.Directory, "conftest.py")
            || files.Has(TreePaths.Join(draft.Directory, "tests"), "conftest.py") || project.PyProject?.Table("tool", "pytest") is not null;
        var any = files.Below(draft.Directory).Any(f => TreePaths.NameOf(f.Path) is var n && (n.StartsWith("test_", StringComparison.Ordinal) && n.EndsWith(".py", StringComparison.Ordinal) || n is "tests.py"));
        // That pytest is there to be used is no test yet.
        if (!any && (asked || !pytest)) return;
        (draft.TestRunner, var line) = draft.Framework == "django" && !pytest ? ("django", "manage.py test") : pytest ? ("pytest", "-m pytest") : ("unittest", "-m unittest discover");
        // Set up for pytest, and nothing names it: whoever runs these tests has it on their machine.
        if (pytest && !asked && !project.Needs("pytest") && project.Manager?.Value == "pip") install = Together(install, $"{project.Python} -m pip install pytest");
        draft.Test = draft.Command(Together(install, $"{project.Python} {line}")!, pytest ? "pytest" : "test files");
    }

    /// <summary>The command that installs what tests need, null when nothing says; and whether pytest is named in it.</summary>
    private static (string? Install, bool Pytest) Needs(PythonProject project, string directory, AuditContext context)
    {
        var toml = project.PyProject;
        var (group, extra) = (Named(toml?.Table("dependency-groups")), Named(toml?.Table("project", "optional-dependencies")));
        var withExtra = extra is { } e ? e.Name : null;
        var pytest = Asks(group?.Texts) || Asks(extra?.Texts);
        switch (project.Manager?.Value)
        {
            case "uv":
                // the group "dev" is installed unasked
                return ($"{project.Sync} --locked --no-editable{(group is { Name: not "dev" } g ? $" --group {g.Name}" : "")}{(withExtra is null ? "" : $" --extra {withExtra}")}", pytest || Asks(toml?.Table("tool", "uv")?.Texts("dev-dependencies")));
            case "poetry":
                var groups = toml?.Table("tool", "poetry", "group")?.Values.Values.OfType<TomlTable>().Select(t => t.Table("dependencies")) ?? [];
                return ($"POETRY_VIRTUALENVS_IN_PROJECT=true poetry install --no-interaction --no-ansi{(withExtra is null ? "" : $" --extras {withExtra}")}",
                    pytest || groups.Append(toml?.Table("tool", "poetry", "dev-dependencies")).Any(t => Asks(t?.Values.Keys)));
            case "pdm":
                var old = toml?.Table("tool", "pdm", "dev-dependencies");
                return ($"pdm install --check --no-editable{(withExtra is null ? "" : $" -G {withExtra}")}", pytest || old?.Values.Keys.Any(k => Asks(old.Texts(k))) is true);
            case "pipenv":
                var pipfile = context.Manifests.Toml(TreePaths.Join(directory, "Pipfile"));
                return ($"{project.Install!.Line} --dev", Asks(pipfile?.Table("dev-packages")?.Values.Keys));
            case "pip":
                if (RequirementFiles.FirstOrDefault(f => context.Files.HasFile(TreePaths.Join(directory, f))) is { } file)
                    return ($"{project.Python} -m pip install -r {file}", Asks(context.Files.Manifest(TreePaths.Join(directory, file))?.Split('\n').Select(l => l.Trim())) || pytest);
                if (extra is not null) return ($"{project.Python} -m pip install '.[{extra.Value.Name}]'", Asks(extra.Value.Texts));
                // an older pip knows no groups, and each entry is a requirement as pip takes it
                if (group is not null && group.Value.Texts.Where(t => !t.Contains('\'')).ToList() is { Count: > 0 } each) return ($"{project.Python} -m pip install {string.Join(' ', each.Select(t => $"'{t}'"))}", Asks(each));
                return (null, false);
            default:
                return (null, false);
        }
    }

    private static (string Name, List<string> Texts)? Named(TomlTable? table)
    {
        if (table is null) return null;
        var named = Groups.Where(table.Values.ContainsKey).Select(g => (g, table.Texts(g).ToList())).ToList();
        return named.Count == 0 ? null : named.FirstOrDefault(n => Asks(n.Item2), named[0]);
    }

    private static bool Asks(IEnumerable<string>? requirements) => requirements?.Any(r => Pytest().IsMatch(r)) is true;

    private static string? Together(string? first, string then) => first is null ? then : $"{first} && {then}";

    [GeneratedRegex(@"^pytest(?![A-Za-z0-9])", RegexOptions.IgnoreCase)]
    private static partial Regex Pytest();
}
