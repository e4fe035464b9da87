namespace ProdSprint.Tests.Projects;

/// <summary>What each ecosystem's usual layouts give. The facts are our own smallest trees; where Railpack or Nixpacks answers, theirs is the answer, but for what docs/audit.md lists.</summary>
public sealed class EcosystemFactsTests
{
    [Theory, MemberData(nameof(Facts))]
    public void Run_UsualLayout_IsRecognised(string family, string name) => Families.Single(f => f.Name == family).Facts.Single(f => f.Name == name).Check();

    public static IEnumerable<TheoryDataRow<string, string>> Facts() => Families.SelectMany(f => f.Facts.Select(x => new TheoryDataRow<string, string>(f.Name, x.Name)));

    private static readonly (string Name, AuditFact[] Facts)[] Families = [("node", NodeFacts.All), ("jvm", JvmFacts.All), ("scripts", ScriptFacts.All), ("compiled", CompiledFacts.All), ("platforms", PlatformFacts.All), ("sites", SiteFacts.All), ("servers", ServerFacts.All)];
}
