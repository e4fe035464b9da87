using ProdSprint.Projects;

namespace ProdSprint.Tests.Projects;

public sealed class GitRepositoryTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("prodsprint-git-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Import_Sample_MirrorsResolvesAuditsAndExports()
    {
        var shop = Path.Combine(_folder, "shop");
        var tags = await SampleRepository.CreateAsync(Samples(), "shop", shop);
        tags.Select(t => t.Name).ShouldBe(["v1", "v2", "v3"]);
        (await SampleRepository.CreateAsync(Samples(), "shop", Path.Combine(_folder, "again"))).ShouldBe(tags);

        var mirror = await GitRepository.ImportAsync(GitSource.Parse(shop), Path.Combine(_folder, "mirror.git"));
        (await mirror.ResolveAsync("v2")).ShouldBe(tags[1].Commit);
        (await mirror.ResolveAsync()).ShouldBe(tags[2].Commit);
        (await mirror.CommitAsync(tags[1].Commit)).ShouldSatisfyAllConditions(c => c.AuthorName.ShouldBe("Robin Sample"), c => c.Parents.ShouldBe([tags[0].Commit]));
        (await mirror.DifferenceAsync(tags[0].Commit, tags[1].Commit)).Files.ShouldContain(f => f.Path == "src/related.js" && f.Added > 0);

        using var tree = await mirror.TreeAsync(tags[0].Commit);
        var report = Auditor.Run(tree);
        report.Services.Single().ShouldSatisfyAllConditions(s => s.Name.ShouldBe("shop"), s => s.BuildCommand!.Line.ShouldBe("npm run build"), s => s.HealthPath!.Value.ShouldBe("/healthz"));
        report.Gaps.ShouldNotContain(g => g.Severity == GapSeverity.Blocking);

        var checkout = Path.Combine(_folder, "checkout");
        await mirror.ExportAsync(tags[0].Commit, checkout);
        File.ReadAllText(Path.Combine(checkout, "package.json")).ShouldBe(File.ReadAllText(Path.Combine(Samples(), "shop", "v1", "package.json")));
        // A checkout has no history to be searched.
        report.Repository!.History.ShouldBe(new HistoryFigures(1, true));
        AuditJson.Write(Auditor.Run(new CheckoutTree(checkout)) with { Commit = report.Commit, Source = report.Source })
            .ShouldBe(AuditJson.Write(report with { Repository = report.Repository with { History = null } }));
    }

    [Fact]
    public void Checkout_HasTheBinThatTheRepositoryKeeps_AndNotTheOneThatDotNetBuilds()
    {
        foreach (var path in (string[])["bin/rails", "config.ru", "api/Api.csproj", "api/bin/Release/Api.dll", "api/obj/project.assets.json", "node_modules/x/index.js"])
        {
            Directory.CreateDirectory(Path.Combine(_folder, Path.GetDirectoryName(path)!));
            File.WriteAllText(Path.Combine(_folder, path), "");
        }
        new CheckoutTree(_folder).Entries.Select(e => e.Path).ShouldBe(["api/Api.csproj", "bin/rails", "config.ru"]);
    }

    [Fact]
    public async Task Change_IsAgainstWhatIsServed_NothingWhenItIsThat_AndUnknownBeforeTheFirst()
    {
        var shop = Path.Combine(_folder, "shop");
        var tags = await SampleRepository.CreateAsync(Samples(), "shop", shop);
        var mirror = await GitRepository.ImportAsync(GitSource.Parse(shop), Path.Combine(_folder, "mirror.git"));
        var second = await mirror.CommitAsync(tags[1].Commit);

        var change = await ChangeReader.ReadAsync(mirror, tags[0].Commit, second, default);
        (change.Base, change.Commit, change.Commits).ShouldBe((tags[0].Commit, tags[1].Commit, 1));
        change.Files.ShouldContain(f => f.Path == "src/related.js" && f.Added > 0);
        // Its one author wrote all that was there before.
        change.AuthorCommits.ShouldBe(change.FileCommits);

        (await ChangeReader.ReadAsync(mirror, tags[1].Commit, second, default)).ShouldSatisfyAllConditions(c => c.Base.ShouldBe(tags[1].Commit), c => c.Files.ShouldBeEmpty());
        (await ChangeReader.ReadAsync(mirror, null, second, default)).Base.ShouldBeNull();
        (await ChangeReader.ReadAsync(mirror, new string('0', 40), second, default)).Base.ShouldBeNull("the history was rewritten, and what is served is no longer in it");
    }

    /// <summary>Files are read ahead of who reads on: in order, backwards, here and there, twice and in part, each is still itself.</summary>
    [Fact]
    public async Task Tree_ReadInAnyOrder_EachFileIsItself()
    {
        var folder = Path.Combine(_folder, "many");
        Directory.CreateDirectory(folder);
        var files = Enumerable.Range(0, 300).ToDictionary(n => $"f{n:000}", n => string.Concat(Enumerable.Repeat($"{n} ", n % 97 == 5 ? 30_000 : n % 7)));
        foreach (var (name, text) in files) await File.WriteAllTextAsync(Path.Combine(folder, name), text);
        foreach (var arguments in (string[][])[["init", "-q"], ["add", "-A"], ["-c", "user.name=t", "-c", "user.email=t@t", "commit", "-qm", "Many"]])
            using (var git = System.Diagnostics.Process.Start("git", ["-C", folder, .. arguments])) await git.WaitForExitAsync();
        var repository = GitRepository.Open(Path.Combine(folder, ".git"));
        using var tree = await repository.TreeAsync(await repository.ResolveAsync());
        var here = new Random(7);
        foreach (var order in (IEnumerable<TreeEntry>[])[tree.Entries, tree.Entries.Reverse(), tree.Entries.Where((_, n) => n % 5 == 0), tree.Entries.OrderBy(_ => here.Next()), tree.Entries.SelectMany(e => new[] { e, e })])
            foreach (var entry in order) System.Text.Encoding.UTF8.GetString(tree.Read(entry, 1 << 20).Span).ShouldBe(files[entry.Path], entry.Path);
        tree.Read(tree.Entries[6], 3).ToArray().ShouldBe("6 6"u8.ToArray());
        using var copy = new MemoryStream();
        tree.CopyTo(tree.Entries[299], copy);
        System.Text.Encoding.UTF8.GetString(copy.ToArray()).ShouldBe(files["f299"]);
    }

    /// <summary>What a commit left as it stands is searched in the tree, what it left otherwise in the history; vendored files are not searched in the tree, so they are there.</summary>
    [Fact]
    public async Task History_SearchesWhatTheTreeDoesNotShow()
    {
        var folder = Path.Combine(_folder, "past");
        var key = string.Concat("AKIA", "Q3EGRTXV", "7ZPLM2NB");
        void Write(string path, string text)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder, path))!);
            File.WriteAllText(Path.Combine(folder, path), text);
        }
        async Task Commit(string message)
        {
            foreach (var arguments in (string[][])[["init", "-q"], ["add", "-A"], ["-c", "user.name=t", "-c", "user.email=t@t", "commit", "-qm", message]])
                using (var git = System.Diagnostics.Process.Start("git", ["-C", folder, .. arguments])) await git.WaitForExitAsync();
        }
        Write("stays.txt", $"id = {key}\n");
        Write("goes.txt", $"one\nid = {key}\n");
        Write("node_modules/left/index.js", $"const id = '{key}'\n");
        Write("plain.txt", "nothing\n");
        await Commit("First");
        var repository = GitRepository.Open(Path.Combine(folder, ".git"));
        var first = await repository.ResolveAsync();
        Write("goes.txt", "one\n");
        await Commit("Second");
        Write("later.txt", $"id = {key}\n");
        await Commit("Third");
        var third = await repository.ResolveAsync();
        Write("later.txt", "none\n");
        await Commit("Fourth");
        using var tree = await repository.TreeAsync(await repository.ResolveAsync());
        var found = Auditor.Run(tree).Repository!;
        found.History.ShouldBe(new HistoryFigures(4, true));
        found.Secrets.Select(s => (s.Path, s.Line, s.Commit)).ShouldBe([("goes.txt", 0, first), ("later.txt", 0, third), ("node_modules/left/index.js", 0, first), ("stays.txt", 1, (string?)null)]);
    }

    [Theory]
    [InlineData("--upload-pack=touch /tmp/x")]
    [InlineData("ext::sh -c id")]
    [InlineData("https://user:secret@example.com/x.git")]
    [InlineData("/nowhere/at/all")]
    [InlineData("")]
    public async Task Import_SourceThatIsNoneOfOurs_IsRefused(string source) =>
        (await Should.ThrowAsync<GitProblem>(() => GitRepository.ImportAsync(GitSource.Parse(source), Path.Combine(_folder, "m.git")))).Code.ShouldBe("source.invalid");

    [Theory]
    [InlineData("--all")]
    [InlineData("v1..v2")]
    [InlineData("nothing")]
    public async Task Resolve_UnknownReference_SaysWhatThereIs(string reference)
    {
        await SampleRepository.CreateAsync(Samples(), "site", Path.Combine(_folder, "site"));
        var repository = GitRepository.Open(Path.Combine(_folder, "site", ".git"));
        (await Should.ThrowAsync<GitProblem>(() => repository.ResolveAsync(reference))).Code.ShouldBe("ref.unknown");
    }

    [Fact]
    public async Task Export_LinkOutOfTheRepository_IsRefusedBeforeAnythingIsWritten()
    {
        var site = Path.Combine(_folder, "site");
        await SampleRepository.CreateAsync(Samples(), "site", site);
        File.CreateSymbolicLink(Path.Combine(site, "out"), "/etc");
        foreach (var arguments in (string[][])[["--work-tree=" + site, "-c", "core.symlinks=true", "add", "--all"], ["--work-tree=" + site, "-c", "user.name=x", "-c", "user.email=x@example.com", "commit", "-qm", "link"]])
            await GitCommand.RunAsync(Path.Combine(site, ".git"), arguments, TimeSpan.FromSeconds(60), default);
        var mirror = await GitRepository.ImportAsync(GitSource.Parse(site), Path.Combine(_folder, "mirror.git"));
        var target = Path.Combine(_folder, "export");
        var commit = await mirror.ResolveAsync();
        (await Should.ThrowAsync<GitProblem>(() => mirror.ExportAsync(commit, target))).Code.ShouldBe("export.refused");
        Directory.Exists(target).ShouldBeFalse();
    }

    [Fact]
    public async Task Audit_PlainFolder_IsAuditedAndSaysSo()
    {
        var outcome = await AuditRun.RunAsync(Path.Combine(Samples(), "python-http"));
        outcome.Note.ShouldNotBeNull().ShouldContain("not a git repository");
        outcome.Report.Services.Single().StartCommand!.Line.ShouldBe("python3 server.py");
    }

    private static string Samples()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (Directory.Exists(Path.Combine(folder.FullName, "samples", "shop"))) return Path.Combine(folder.FullName, "samples");
        throw new DirectoryNotFoundException("samples");
    }
}
