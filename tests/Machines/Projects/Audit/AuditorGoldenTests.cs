using FsCheck;
using FsCheck.Fluent;
using ProdSprint.Projects;

namespace ProdSprint.Tests.Projects;

public sealed class AuditorGoldenTests
{
    /// <summary>To write the expected reports anew after a wanted change: PRODSPRINT_UPDATE_GOLDEN=1, then read the diff.</summary>
    [Theory, MemberData(nameof(AuditCases.Names), MemberType = typeof(AuditCases))]
    public void Run_Fixture_GivesItsReportToTheByte(string name)
    {
        var json = AuditJson.Write(Auditor.Run(AuditCases.Tree(name)));
        var path = Path.Combine(AuditCases.Folder, name, "expected.json");
        if (Environment.GetEnvironmentVariable("PRODSPRINT_UPDATE_GOLDEN") == "1") File.WriteAllText(path, json);
        json.ShouldBe(File.ReadAllText(path));
    }

    [Theory, MemberData(nameof(AuditCases.Names), MemberType = typeof(AuditCases))]
    public void Read_WrittenReport_GivesTheSameBytesAgain(string name)
    {
        var json = AuditJson.Write(Auditor.Run(AuditCases.Tree(name)));
        AuditJson.Write(AuditJson.Read(json)).ShouldBe(json);
    }

    [Theory, MemberData(nameof(AuditCases.Names), MemberType = typeof(AuditCases))]
    public void Run_EntriesInAnyOrder_GivesTheSameBytes(string name)
    {
        var tree = AuditCases.Tree(name);
        var expected = AuditJson.Write(Auditor.Run(tree));
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            var entries = tree.Entries.ToArray();
            new Random(seed).Shuffle(entries);
            var files = tree.Entries.ToDictionary(e => e.Path, e => tree.Read(e, int.MaxValue).ToArray());
            return AuditJson.Write(Auditor.Run(new MemoryTree(entries, files, tree.Commit))) == expected;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(10));
    }
}
