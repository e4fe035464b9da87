using System.Globalization;
using System.Text.RegularExpressions;

namespace ProdSprint.Deploy;

/// <summary>How many tests passed and failed, as the runners' own last lines say it. A runner that is not understood counts as one test: its exit code.</summary>
internal static partial class TestSummary
{
    public static (int Passed, int Failed) Read(string lastLines, int exitCode)
    {
        var text = Colours().Replace(lastLines, "");
        var (passed, failed) = (Last(Passed(), text), Last(Failed(), text));
        if (passed is null && failed is null) return exitCode == 0 ? (1, 0) : (0, 1);
        // A runner may end badly although every test it counted passed (coverage too low, an unhandled rejection).
        var failures = failed ?? 0;
        return (passed ?? 0, exitCode != 0 && failures == 0 ? 1 : failures);
    }

    private static int? Last(Regex pattern, string text)
    {
        var matches = pattern.Matches(text);
        return matches.Count == 0 ? null : int.Parse(matches[^1].Groups.Cast<Group>().Skip(1).First(g => g.Success).ValueSpan, CultureInfo.InvariantCulture);
    }

    // node --test "ℹ pass 3" / "# pass 3"; jest, vitest, pytest "3 passed"; mocha "3 passing"; dotnet "Passed: 3" (and "Passed:     3"); unittest "Ran 3 tests"
    [GeneratedRegex(@"(?:^|\n)\s*(?:#|ℹ)\s+pass\s+(\d+)|\b(\d+) (?:passed|passing)\b|\bPassed:\s+(\d+)|\bsucceeded:\s+(\d+)|(?:^|\n)Ran (\d+) tests?\b", RegexOptions.IgnoreCase)]
    private static partial Regex Passed();

    [GeneratedRegex(@"(?:^|\n)\s*(?:#|ℹ)\s+fail\s+(\d+)|\b(\d+) (?:failed|failing)\b|\bFailed:\s+(\d+)|\bfailures=(\d+)", RegexOptions.IgnoreCase)]
    private static partial Regex Failed();

    [GeneratedRegex(@"\x1B\[[0-9;]*[A-Za-z]")]
    private static partial Regex Colours();
}
