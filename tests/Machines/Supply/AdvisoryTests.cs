using ProdSprint.Supply;

namespace ProdSprint.Tests.Supply;

public sealed class AdvisoryTests
{
    private static Advisory Of(string events, string ecosystem = "npm", string more = "") => Advisory.Read(
        $$"""{ "id": "X-1", {{more}} "affected": [ { "package": { "ecosystem": "{{ecosystem}}", "name": "a" }, "ranges": [ { "type": "ECOSYSTEM", "events": [ {{events}} ] } ] } ] }""");

    [Theory]
    [InlineData("""{"introduced":"0"},{"fixed":"1.2.0"}""", "1.1.9", true)]
    [InlineData("""{"introduced":"0"},{"fixed":"1.2.0"}""", "1.2.0", false)]
    [InlineData("""{"introduced":"0"},{"fixed":"1.2.0"}""", "1.2.0-rc.1", true)]
    [InlineData("""{"introduced":"1.0.0"},{"last_affected":"1.2.0"}""", "1.2.0", true)]
    [InlineData("""{"introduced":"1.0.0"},{"last_affected":"1.2.0"}""", "1.2.1", false)]
    [InlineData("""{"introduced":"1.0.0"},{"fixed":"1.0.5"},{"introduced":"2.0.0"},{"fixed":"2.0.3"}""", "1.5.0", false)]
    [InlineData("""{"introduced":"1.0.0"},{"fixed":"1.0.5"},{"introduced":"2.0.0"},{"fixed":"2.0.3"}""", "2.0.1", true)]
    [InlineData("""{"fixed":"2.0.3"},{"introduced":"2.0.0"},{"fixed":"1.0.5"},{"introduced":"1.0.0"}""", "1.0.4", true)]
    [InlineData("""{"introduced":"1.0.0"},{"limit":"1.5.0"}""", "1.6.0", false)]
    [InlineData("""{"introduced":"1.0.0"}""", "0.9.0", false)]
    [InlineData("""{"introduced":"1.0.0"}""", "99.0.0", true)]
    public void Affects_Ranges(string events, string version, bool affected) => AdvisoryMatch.Affects(Of(events), "npm", "a", version).ShouldBe(affected);

    [Fact]
    public void Affects_OtherNameOtherEcosystemWithdrawnAndListed()
    {
        AdvisoryMatch.Affects(Of("""{"introduced":"0"}"""), "npm", "b", "1.0.0").ShouldBeFalse();
        AdvisoryMatch.Affects(Of("""{"introduced":"0"}"""), "PyPI", "a", "1.0.0").ShouldBeFalse();
        AdvisoryMatch.Affects(Of("""{"introduced":"0"}""", more: "\"withdrawn\": \"2024-01-01T00:00:00Z\","), "npm", "a", "1.0.0").ShouldBeFalse();
        AdvisoryMatch.Affects(Advisory.Read("""{ "id": "X", "affected": [ { "package": { "ecosystem": "Debian:12", "name": "a" }, "versions": ["1.0-1"] } ] }"""), "Debian", "a", "1.0-1").ShouldBeTrue();
        AdvisoryMatch.FixedIn(Of("""{"introduced":"0"},{"fixed":"1.10.0"},{"introduced":"2.0.0"},{"fixed":"2.1.0"}"""), "npm", "a", "1.9.0").ShouldBe("1.10.0");
    }

    [Theory] // The examples of the CVSS 3.1 specification document.
    [InlineData("CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:L/I:L/A:N", 5.4)]
    [InlineData("CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:C/C:L/I:L/A:N", 6.4)]
    [InlineData("CVSS:3.1/AV:N/AC:H/PR:N/UI:R/S:U/C:L/I:N/A:N", 3.1)]
    [InlineData("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", 9.8)]
    [InlineData("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H", 10.0)]
    [InlineData("CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H", 7.8)]
    [InlineData("CVSS:3.1/AV:P/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N", 0.0)]
    public void Cvss_BaseScore(string vector, double score) => CvssScore.Of(vector).ShouldBe(score);

    [Fact]
    public void Level_WordsFirst_ThenTheScore()
    {
        Of("""{"introduced":"0"}""", more: """ "database_specific": { "severity": "MODERATE" }, """).Level.ShouldBe("medium");
        Of("""{"introduced":"0"}""", more: """ "severity": [ { "type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H" } ], """).Level.ShouldBe("critical");
        Of("""{"introduced":"0"}""").Level.ShouldBe("unknown");
    }

    [Fact]
    public void Level_OfMalice_OfVersion4_AndOfOnePackage()
    {
        Advisory.Read("""{ "id": "MAL-2024-1", "affected": [] }""").Level.ShouldBe("critical");
        Advisory.Read("""{ "id": "GHSA-1", "aliases": ["MAL-2024-1"], "database_specific": { "severity": "LOW" } }""").Level.ShouldBe("critical");
        Of("""{"introduced":"0"}""", more: """ "severity": [ { "type": "CVSS_V4", "score": "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N" } ], """).Level.ShouldBe("critical");
        Of("""{"introduced":"0"}""", more: """ "severity": [ { "type": "CVSS_V4", "score": "CVSS:4.0/AV:N/AC:L/AT:P/PR:N/UI:P/VC:L/VI:N/VA:N/SC:N/SI:N/SA:N" } ], """).Level.ShouldBe("low");
        var one = Advisory.Read("""{ "id": "X", "affected": [ { "package": { "ecosystem": "npm", "name": "a" }, "severity": [ { "type": "CVSS_V3", "score": "CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H" } ] } ] }""");
        (one.Level, Advisory.Read(one.Write()).Level).ShouldBe(("high", "high"));
    }

    [Fact]
    public void Write_WhatDecides_AndReadingItAgainIsTheSame()
    {
        var read = Advisory.Read("""{ "id": "X-1", "modified": "2024-01-02T03:04:05Z", "details": "long", "affected": [ { "package": { "ecosystem": "npm", "name": "a" }, "ranges": [ { "type": "SEMVER", "events": [ { "introduced": "0" } ] } ] }, { "package": { "ecosystem": "npm", "name": "b" }, "versions": [ "1.0.0" ] } ], "severity": [ { "type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H" } ] }""");
        var again = Advisory.Read(read.Write());
        again.Write().ShouldBe(read.Write());
        again.Level.ShouldBe("critical");
        read.Write().ShouldNotContain("long");
        AdvisoryMatch.Affects(again, "npm", "a", "5.0.0").ShouldBeTrue();
        AdvisoryMatch.Affects(again, "npm", "b", "1.0.0").ShouldBeTrue();
    }
}
