using System.Diagnostics;

namespace ProdSprint.Hygiene;

/// <summary>The pre-commit hook itself, in a repository of its own.</summary>
public sealed class PreCommitTests : IDisposable
{
    private readonly string _repository = Directory.CreateTempSubdirectory("ps-hook-").FullName;

    public PreCommitTests()
    {
        Git("init", "-q", "-b", "main", ".").Exit.ShouldBe(0);
        Directory.CreateDirectory(Path.Combine(_repository, ".githooks"));
        foreach (var file in (string[])[".githooks/pre-commit", ".editorconfig"]) File.Copy(Path.Combine(TrackedFiles.Root, file), Path.Combine(_repository, file));
        Commit(("README.md", "A first line.\n")).Exit.ShouldBe(0);
        Git("config", "core.hooksPath", ".githooks").Exit.ShouldBe(0);
    }

    public void Dispose() => Directory.Delete(_repository, recursive: true);

    [Fact]
    public void Clean_IsCommitted()
    {
        var run = Commit(("docs/notes.md", "Nothing to hide.\n"), ("Clean.cs", "namespace Clean;\n\npublic sealed record One(int Value);\n"));
        run.Exit.ShouldBe(0, run.Said);
    }

    // In two halves, so that this file is not what it looks for.
    [Theory]
    [InlineData("-----BEGIN OPENSSH PRIVATE", " KEY-----")]
    [InlineData("token = ghp_", "0123456789abcdefghijABCDEFGHIJ012345")]
    [InlineData("aws_access_key_id=AKIA", "ABCDEFGHIJKLMNOP")]
    [InlineData("slack: xoxb-", "123456789012-abcdefghijkl")]
    public void Secret_IsRefusedByName_AndNothingIsCommitted(string first, string second)
    {
        var run = Commit(("settings.yml", $"{first}{second}\n"));
        run.Exit.ShouldNotBe(0);
        run.Said.ShouldContain("settings.yml looks like it holds a secret");
        Git("log", "--oneline", "--", "settings.yml").Said.ShouldBeEmpty();
    }

    [Fact]
    public void LongFile_IsRefused()
    {
        var run = Commit(("Long.cs", string.Concat(Enumerable.Repeat("// a line\n", 401))));
        run.Exit.ShouldNotBe(0);
        run.Said.ShouldContain("Long.cs has more than 400 lines");
    }

    [Fact]
    public void UnformattedFile_IsRefusedWithWhatToDo()
    {
        var run = Commit(("Loose.cs", "namespace Loose;\n\npublic sealed class One\n{\n  public int  Value=1;\n}\n"));
        run.Exit.ShouldNotBe(0);
        run.Said.ShouldContain("Next: dotnet format whitespace --folder . --include Loose.cs");
    }

    [Fact]
    public void TrailingSpace_IsRefused() => Commit(("notes.txt", "a line \n")).Exit.ShouldNotBe(0);

    private (int Exit, string Said) Commit(params (string Path, string Text)[] files)
    {
        foreach (var (path, text) in files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(_repository, path))!);
            File.WriteAllText(Path.Combine(_repository, path), text);
        }
        Git("add", "-A").Exit.ShouldBe(0);
        return Git("-c", "user.name=t", "-c", "user.email=t@t", "commit", "-qm", "a change");
    }

    private (int Exit, string Said) Git(params string[] arguments)
    {
        var start = new ProcessStartInfo("git", arguments) { WorkingDirectory = _repository, RedirectStandardOutput = true, RedirectStandardError = true };
        // Where these tests run as part of a commit, git's own variables point at the outer repository.
        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("GIT_", StringComparison.Ordinal)).ToArray()) start.Environment.Remove(name);
        using var git = Process.Start(start)!;
        var (said, complained) = (git.StandardOutput.ReadToEndAsync(), git.StandardError.ReadToEndAsync());
        git.WaitForExit();
        return (git.ExitCode, said.Result + complained.Result);
    }
}
