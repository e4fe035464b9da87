namespace ProdSprint.Projects;

/// <summary>Folders whose programs show or test something instead of serving users.</summary>
public static class ServiceFolders
{
    private static readonly HashSet<string> Names = new(StringComparer.OrdinalIgnoreCase)
    {
        "test", "tests", "__tests__", "spec", "specs", "e2e", "fixtures", "__fixtures__", "testdata", "test-data", "mocks", "__mocks__", "example", "examples", "exampleSite", "sample", "samples",
        "demo", "demos", "benchmark", "benchmarks", "bench", "template", "templates", "tools", "scripts", "hack", "third_party", "cypress", "playwright", ".github", ".devcontainer", "storybook", "snippets", "playground", "playgrounds",
    };

    /// <summary>Whether a folder between <paramref name="below"/> and <paramref name="directory"/> (inclusive) is such a folder.</summary>
    public static bool IsExample(string directory, string below = ".")
    {
        var rest = below == "." ? directory : directory.Length > below.Length ? directory[(below.Length + 1)..] : "";
        return rest.Split('/').Any(part => Names.Contains(part) || part.EndsWith(".Tests", StringComparison.OrdinalIgnoreCase));
    }
}
