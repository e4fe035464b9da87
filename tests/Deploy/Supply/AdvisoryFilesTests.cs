using System.IO.Compression;
using ProdSprint.Projects;
using ProdSprint.Supply;

namespace ProdSprint.Tests.Supply;

public sealed class AdvisoryFilesTests : IDisposable
{
    private const string Advisory = """{ "id": "GHSA-1", "summary": "Bad", "database_specific": { "severity": "HIGH" }, "affected": [ { "package": { "ecosystem": "npm", "name": "a" }, "ranges": [ { "type": "SEMVER", "events": [ { "introduced": "0" }, { "fixed": "1.0.1" } ] } ] } ] }""";

    private readonly string _folder = Directory.CreateTempSubdirectory("prodsprint-osv-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Load_FolderAndZip_FindTheSame_AndWhatIsNoAdvisoryIsCounted()
    {
        var source = Directory.CreateDirectory(Path.Combine(_folder, "osv"));
        File.WriteAllText(Path.Combine(source.FullName, "1.json"), Advisory);
        File.WriteAllText(Path.Combine(source.FullName, "2.json"), """{ "nothing": true }""");
        ZipFile.CreateFromDirectory(source.FullName, Path.Combine(_folder, "all.zip"));
        var bill = SbomReader.Read(MemoryTree.Of(("package-lock.json", """{ "packages": { "node_modules/a": { "version": "1.0.0" }, "node_modules/b": { "version": "1.0.0" } } }""")));
        var wanted = bill.Components.Select(c => Findings.Key(c.Ecosystem, c.Name)).ToHashSet();
        foreach (var path in (string[])[source.FullName, Path.Combine(_folder, "all.zip")])
        {
            var (about, read, broken) = AdvisoryFiles.Load(path, wanted, default);
            (read, broken).ShouldBe((1, 1));
            var finding = Findings.Find(bill, about).Single();
            (finding.Advisory, finding.Level, finding.Purl, finding.FixedIn).ShouldBe(("GHSA-1", "high", "pkg:npm/a@1.0.0", "1.0.1"));
        }
    }

    [Fact]
    public void Load_ZipBomb_IsCutOffAndCounted()
    {
        var path = Path.Combine(_folder, "bomb.zip");
        using (var zip = ZipFile.Open(path, ZipArchiveMode.Create))
        using (var entry = zip.CreateEntry("bomb.json").Open())
        {
            var zeros = new byte[1 << 20];
            for (var i = 0; i < 256; i++) entry.Write(zeros);
        }
        new FileInfo(path).Length.ShouldBeLessThan(1 << 20);
        AdvisoryFiles.Load(path, new HashSet<string>(), default).Broken.ShouldBe(1);
    }

    [Fact]
    public void Load_NothingThereOrNoZip_SaysSo()
    {
        Should.Throw<IOException>(() => AdvisoryFiles.Load(Path.Combine(_folder, "none"), new HashSet<string>(), default));
        File.WriteAllText(Path.Combine(_folder, "not.zip"), "x");
        Should.Throw<IOException>(() => AdvisoryFiles.Load(Path.Combine(_folder, "not.zip"), new HashSet<string>(), default)).Message.ShouldContain("no zip file");
    }
}
