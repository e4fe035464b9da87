using System.Diagnostics;

namespace ProdSprint.Drills;

/// <summary>A commit on top of v1 that must not be deployed.</summary>
/// <param name="Blocker">The code of what its plan says is in the way.</param>
/// <param name="Spoil">Changes the work tree.</param>
internal sealed record BadBranch(string Name, string Blocker, Action<string> Spoil)
{
    private static readonly byte[] Binary = [.. Enumerable.Range(0, 4096).Select(n => (byte)(n * 37 % 256))];

    public static IReadOnlyList<BadBranch> All { get; } =
    [
        new("no-app", "service.none", Empty),
        new("broken-manifest", "configuration.invalid", d => Manifest(d, "version: 1\nservices: [\n")),
        new("binary-manifest", "manifest.binary", d => File.WriteAllBytes(Path.Combine(d, "prodsprint.yml"), Binary)),
        new("binary-package", "manifest.binary", d => File.WriteAllBytes(Path.Combine(d, "package.json"), Binary)),
        new("unknown-field", "configuration.invalid", d => Manifest(d, "version: 1\nwarmth: 3m\n")),
        new("wrong-types", "configuration.invalid", d => Manifest(d, "version: one\nservices: 7\ncanary: yes\n")),
        new("bomb", "configuration.invalid", d => Manifest(d, "version: 1\na: &a [x,x,x]\nb: &b [*a,*a,*a]\nc: [*b,*b,*b]\n")),
        new("path-up", "configuration.invalid", d => Manifest(d, "version: 1\nservices:\n  drill:\n    path: ../../..\n")),
        new("static-up", "configuration.invalid", d => Manifest(d, "version: 1\nservices:\n  drill:\n    path: .\n    static: ../../../etc\n")),
        new("link-out", "symlink.escape", d => File.CreateSymbolicLink(Path.Combine(d, "data"), "/etc/passwd")),
        new("link-up", "symlink.escape", d => File.CreateSymbolicLink(Path.Combine(d, "data"), "../../../../outside")),
        new("manifest-link", "symlink.escape", ManifestLink),
    ];

    public async Task CommitAsync(string repository)
    {
        await GitAsync(repository, "checkout", "--quiet", "--force", "-B", Name, "v1");
        Spoil(repository);
        await GitAsync(repository, "add", "--all");
        await GitAsync(repository, "-c", "user.name=Robin", "-c", "user.email=robin@example.com", "-c", "commit.gpgSign=false", "commit", "--quiet", "--no-verify", "-m", Name);
        await GitAsync(repository, "checkout", "--quiet", "--force", "main");
    }

    private static void Manifest(string directory, string text) => File.WriteAllText(Path.Combine(directory, "prodsprint.yml"), text);

    private static void ManifestLink(string directory)
    {
        File.Delete(Path.Combine(directory, "prodsprint.yml"));
        File.CreateSymbolicLink(Path.Combine(directory, "prodsprint.yml"), "/etc/passwd");
    }

    private static void Empty(string directory)
    {
        foreach (var file in Directory.GetFiles(directory)) File.Delete(file);
        File.WriteAllText(Path.Combine(directory, "README.md"), "Nothing to run.");
    }

    private static async Task GitAsync(string repository, params string[] arguments)
    {
        using var git = Process.Start(new ProcessStartInfo("git", ["-C", repository, .. arguments]) { RedirectStandardError = true })!;
        var error = await git.StandardError.ReadToEndAsync();
        await git.WaitForExitAsync();
        git.ExitCode.ShouldBe(0, error);
    }
}
