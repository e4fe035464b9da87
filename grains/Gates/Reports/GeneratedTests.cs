using System.Text.RegularExpressions;

namespace ProdSprint.Gates;

/// <summary>Tests that ProdSprint wrote for a service that had none. They are told apart everywhere: by file, by suite and by name.</summary>
public static partial class GeneratedTests
{
    public static bool IsFile(string path) => Mark().IsMatch(path);

    public static bool IsOne(TestCase test) => Mark().IsMatch(test.Suite) || Mark().IsMatch(test.Name);

    /// <summary>Something ran, and nothing that anybody has written.</summary>
    public static bool Only(TestReport report) => report.Cases.Length > 0 && report.Left == 0 && report.Cases.All(IsOne);

    /// <summary>prodsprint.generated, test_prodsprint_generated, ProdSprintGeneratedTests, prodsprintgenerated/ …</summary>
    [GeneratedRegex("prodsprint[ ._-]?generated", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Mark();
}
