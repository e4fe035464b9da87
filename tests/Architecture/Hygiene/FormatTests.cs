using System.Diagnostics;

namespace ProdSprint.Hygiene;

/// <summary>One formatter, the same that the pre-commit hook asks.</summary>
public sealed class FormatTests
{
    [Fact]
    public async Task CSharp_IsAsTheFormatterWritesIt()
    {
        using var format = Process.Start(new ProcessStartInfo("dotnet", ["format", "whitespace", "--folder", ".", "--exclude", "artifacts", "tests/cases", "--verify-no-changes"])
        {
            WorkingDirectory = TrackedFiles.Root, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        var (said, complained) = (format.StandardOutput.ReadToEndAsync(), format.StandardError.ReadToEndAsync());
        await format.WaitForExitAsync();
        format.ExitCode.ShouldBe(0, $"{await said}{await complained}\nNext: dotnet format whitespace --folder . --exclude artifacts tests/cases");
    }
}
