using System.Text;
using ProdSprint.Bench;

namespace ProdSprint.Tests.Supply;

public sealed class CycloneDxPurlsTests
{
    [Fact]
    public void Of_AnothersDocument_PlainAndOnlyWithAVersion() => CycloneDxPurls.Of(Encoding.UTF8.GetBytes("""
        { "components": [ { "purl": "pkg:npm/%40s/a@1.0.0" }, { "purl": "pkg:npm/@s/own" }, { "purl": "pkg:nuget/Npgsql@10.0.0" }, { "purl": "pkg:conan/zlib@1.3.1?rrev=x" }, { "name": "no purl" } ] }
        """)).ShouldBe(["pkg:npm/@s/a@1.0.0", "pkg:nuget/npgsql@10.0.0", "pkg:conan/zlib@1.3.1"], ignoreOrder: true);

    [Fact]
    public void Of_ADocumentWithoutComponents_IsNothing() => CycloneDxPurls.Of("{}"u8.ToArray()).ShouldBeEmpty();
}
