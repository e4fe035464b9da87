using System.Runtime.InteropServices;
using FsCheck.Fluent;
using ProdSprint.Deploy;
using ProdSprint.Projects;
using static ProdSprint.Tests.Deploy.Bench;

namespace ProdSprint.Tests.Deploy;

public sealed class CheckoutTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Export_Commit_WritesItsFilesModesAndLinks()
    {
        await using var b = new Bench();
        b.Commit(("deep/er/ü.txt", "text"), ("run.sh", "#!/bin/sh"), ("link", "→ deep/er/ü.txt"), ("deep/up", "→ ../run.sh"), ("empty", ""));
        File.SetUnixFileMode(Path.Combine(b.Home, "repository/run.sh"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var commit = b.Commit();
        b.Commit(("later.txt", "not in it"));
        var to = Path.Combine(b.Home, "out");

        var result = await Checkout.ExportAsync(await b.GitDirectoryAsync("", "", None), commit, to, 1 << 20, None);

        result.Files.ShouldBe(3);
        File.ReadAllText(Path.Combine(to, "link")).ShouldBe("text");
        File.ReadAllText(Path.Combine(to, "deep/up")).ShouldBe("#!/bin/sh");
        (File.GetUnixFileMode(Path.Combine(to, "run.sh")) & UnixFileMode.UserExecute).ShouldNotBe((UnixFileMode)0);
        (File.GetUnixFileMode(Path.Combine(to, "empty")) & UnixFileMode.UserExecute).ShouldBe((UnixFileMode)0);
        File.Exists(Path.Combine(to, "later.txt")).ShouldBeFalse();
        Directory.Exists(Path.Combine(to, ".git")).ShouldBeFalse();
    }

    [Fact]
    public async Task Export_AttributesOfTheRepository_HaveNoSay()
    {
        await using var b = new Bench();
        var commit = b.Commit((".gitattributes", "secret.txt export-ignore\n*.txt text eol=crlf ident\n"), ("secret.txt", "$Id$\nline\n"));
        var to = Path.Combine(b.Home, "out");
        await Checkout.ExportAsync(await b.GitDirectoryAsync("", "", None), commit, to, 1 << 20, None);
        File.ReadAllText(Path.Combine(to, "secret.txt")).ShouldBe("$Id$\nline\n");
    }

    [Theory]
    [InlineData("/etc/passwd")]
    [InlineData("../outside")]
    [InlineData("a/../../outside")]
    [InlineData("up/../../x")] // up → deep/er, so the text stays inside and the kernel does not
    public async Task Build_LinkOutOfTheRepository_IsRefusedAndNothingStays(string target)
    {
        await using var b = new Bench();
        var commit = b.Commit(("deep/er/f", "x"), ("far/away/up", "→ ../.."), ("up", "→ far/away/up"), ("evil", "→ " + target));
        var e = await Should.ThrowAsync<DeployException>(() => b.BuildAsync(commit, Service()));
        e.Message.ShouldContain("link out of the repository");
        Directory.EnumerateFileSystemEntries(b.Paths.Artifacts).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("../escape.txt")]
    [InlineData("a/../../escape.txt")]
    [InlineData(".git/hooks/post-checkout")]
    [InlineData("sub/.GIT/config")]
    public async Task Build_HostilePathInTheTree_IsRefused(string path)
    {
        await using var b = new Bench();
        b.Commit(("a", "x"));
        var tree = Tree(b, path, b.GitWith("evil", "hash-object", "-w", "--stdin").Trim());
        var commit = b.Git("-c", "user.name=t", "-c", "user.email=t@example.com", "commit-tree", tree, "-m", "evil").Trim();

        var e = await Should.ThrowAsync<DeployException>(() => b.BuildAsync(commit, Service()));

        e.Message.ShouldContain("written outside");
        File.Exists(Path.Combine(b.Home, "escape.txt")).ShouldBeFalse();
        Directory.EnumerateFileSystemEntries(b.Paths.Artifacts).ShouldBeEmpty();
    }

    [Fact]
    public async Task Build_LargerThanItsDiskLimit_IsRefusedAtTheCheckout()
    {
        await using var b = new Bench();
        var commit = b.Commit(("big", new string('x', 3 << 20)));
        (await Should.ThrowAsync<DeployException>(() => b.BuildAsync(commit, Service(diskMiB: 2)))).Message.ShouldContain("at most 2 MiB");
    }

    [Theory]
    [InlineData("main", "full hash")]
    [InlineData("--output=/tmp/x", "cannot be a name")]
    [InlineData("0123456789012345678901234567890123456789", "import the project again")]
    public async Task Build_NotACommitOfTheProject_SaysWhatToDo(string commit, string what)
    {
        await using var b = new Bench();
        b.Commit(("a", "x"));
        (await Should.ThrowAsync<DeployException>(() => b.BuildAsync(commit, Service()))).Message.ShouldContain(what);
    }

    [Fact]
    public void Links_RandomForests_AreAcceptedOnlyIfTheKernelStaysInside()
    {
        var name = Gen.Elements("a", "b", "c");
        var part = Gen.Elements("a", "b", "c", "..", "..", ".");
        var target = from n in Gen.Choose(1, 5) from parts in part.ArrayOf(n) select string.Join('/', parts);
        var path = from n in Gen.Choose(1, 3) from parts in name.ArrayOf(n) select string.Join('/', parts);
        var links = Gen.Zip(path, target).ArrayOf(4);
        FsCheck.Check.One(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(300), Prop.ForAll(Arb.From(links), made =>
        {
            var root = Directory.CreateTempSubdirectory("prodsprint-links-").FullName;
            try
            {
                var inner = Path.Combine(root, "i/n/s/i/d/e");
                Directory.CreateDirectory(inner);
                var set = new Dictionary<string, string>();
                foreach (var (p, t) in made)
                {
                    if (set.Keys.Any(k => k == p || p.StartsWith(k + "/", StringComparison.Ordinal) || k.StartsWith(p + "/", StringComparison.Ordinal))) continue;
                    set[p] = t;
                    Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(inner, p))!);
                    File.CreateSymbolicLink(Path.Combine(inner, p), t);
                }
                var escapes = set.Keys.Any(p => RealPath(Path.Combine(inner, p)) is { } real && real != inner && !real.StartsWith(inner + "/", StringComparison.Ordinal));
                if (!escapes) return true; // refusing more than the kernel would is allowed, letting one out is not
                return set.Any(l => !TreePaths.LinkStaysInside(l.Key, l.Value, set.GetValueOrDefault));
            }
            finally
            {
                Directory.Delete(root, true);
            }
        }));
    }

    /// <summary>As the kernel resolves it; null when it resolves to nothing.</summary>
    private static string? RealPath(string path)
    {
        var real = LibcRealPath(path, 0);
        if (real == 0) return null;
        var text = Marshal.PtrToStringUTF8(real);
        Free(real);
        return text;
    }

    [DllImport("libc", EntryPoint = "realpath")]
    private static extern nint LibcRealPath([MarshalAs(UnmanagedType.LPUTF8Str)] string path, nint into);

    [DllImport("libc", EntryPoint = "free")]
    private static extern void Free(nint memory);

    /// <summary>A tree object as git's own tools refuse to make it.</summary>
    private static string Tree(Bench b, string path, string blob)
    {
        var parts = path.Split('/');
        var (mode, made) = ("100644", blob);
        for (var i = parts.Length - 1; i >= 0; i--)
        {
            var raw = System.Text.Encoding.ASCII.GetBytes($"{mode} {parts[i]}\0").Concat(Convert.FromHexString(made)).ToArray();
            var file = Path.Combine(b.Home, "raw");
            File.WriteAllBytes(file, raw);
            made = b.Git("hash-object", "-w", "-t", "tree", "--literally", file).Trim();
            mode = "40000";
        }
        return made;
    }
}
