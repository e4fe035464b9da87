using System.Text;
using System.Text.Json;
using ProdSprint.Supply;

namespace ProdSprint.Tests.Supply;

/// <summary>Reports of other scanners: one shape, whatever wrote them and however long they are.</summary>
public sealed class ScannerReportTests
{
    private static ScannerFindings Read(string json) => ScannerReport.Read(new MemoryStream(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void Trivy_VulnerabilitiesOfEveryTarget()
    {
        var read = Read("""
            { "SchemaVersion": 2, "ArtifactName": "app", "Results": [ { "Target": "package-lock.json", "Vulnerabilities": [
              { "VulnerabilityID": "CVE-2021-23337", "PkgName": "lodash", "InstalledVersion": "4.17.20", "FixedVersion": "4.17.21", "Severity": "HIGH", "Title": "injection", "PkgIdentifier": { "PURL": "pkg:npm/lodash@4.17.20" } } ] },
              { "Target": "os", "Vulnerabilities": [ { "VulnerabilityID": "CVE-1", "PkgName": "libc", "InstalledVersion": "2.1", "Severity": "CRITICAL" } ] }, { "Target": "none" } ] }
            """);
        read.Format.ShouldBe("trivy");
        read.Findings.Select(f => (f.Level, f.Advisory, f.Purl, f.FixedIn)).ShouldBe([("critical", "CVE-1", "libc@2.1", null), ("high", "CVE-2021-23337", "pkg:npm/lodash@4.17.20", "4.17.21")]);
    }

    [Fact]
    public void Grype_MatchesWithAliases()
    {
        var found = Read("""
            { "matches": [ { "vulnerability": { "id": "GHSA-35jh-r3h4-6jhm", "severity": "High", "fix": { "versions": ["4.17.21"], "state": "fixed" } }, "relatedVulnerabilities": [ { "id": "CVE-2021-23337" } ],
              "artifact": { "name": "lodash", "version": "4.17.20", "purl": "pkg:npm/lodash@4.17.20", "locations": [ { "path": "/package-lock.json" } ] } } ], "source": { "type": "directory" } }
            """).Findings.Single();
        (found.Level, found.FixedIn, found.Aliases.Single(), found.Files.Single()).ShouldBe(("high", "4.17.21", "CVE-2021-23337", "/package-lock.json"));
    }

    [Theory]
    [InlineData("{0}")]
    [InlineData("[{0}, {0}]")]
    public void Snyk_OneProjectOrSeveral_TheSameFindingOnce(string shape)
    {
        var read = Read(shape.Replace("{0}", """{ "ok": false, "vulnerabilities": [ { "id": "SNYK-JS-LODASH-1", "severity": "high", "title": "injection", "packageName": "lodash", "version": "4.17.20", "fixedIn": ["4.17.21"], "identifiers": { "CVE": ["CVE-2021-23337"], "GHSA": ["GHSA-1"] } } ] }"""));
        read.Format.ShouldBe("snyk");
        read.Findings.Single().Aliases.ShouldBe(["CVE-2021-23337", "GHSA-1"]);
    }

    [Fact]
    public void Sarif_LevelFromTheRulesScore_OrFromTheResult()
    {
        var read = Read("""
            { "version": "2.1.0", "runs": [ { "tool": { "driver": { "name": "x", "rules": [ { "id": "R1", "properties": { "security-severity": "9.8" } } ] } },
              "results": [ { "ruleId": "R1", "level": "warning", "message": { "text": "bad" }, "locations": [ { "physicalLocation": { "artifactLocation": { "uri": "src/a.js" } } } ] }, { "ruleId": "R2", "level": "error", "message": { "text": "worse" } } ] } ] }
            """);
        read.Format.ShouldBe("sarif");
        read.Findings.Select(f => (f.Advisory, f.Level)).ShouldBe([("R1", "critical"), ("R2", "high")]);
    }

    [Fact]
    public void Sarif_TwoLinesOfOneFileAreTwoFindings_AndWhatWasLetPassThereIsNone()
    {
        string At(string file, int line, string more = "") => $$"""{ "ruleId": "R1", "level": "error", "locations": [ { "physicalLocation": { "artifactLocation": { "uri": "{{file}}" }, "region": { "startLine": {{line}} } } } ]{{more}} }""";
        var read = Read($$"""{ "version": "2.1.0", "runs": [ { "results": [ {{At("a.js", 1)}}, {{At("a.js", 7)}}, {{At("a.js", 7)}}, {{At("b.js", 1, """, "suppressions": [ { "kind": "inSource" } ]""")}}, {{At("c.js", 1, """, "suppressions": [ { "kind": "external", "status": "rejected" } ]""")}} ] } ] }""");
        read.Findings.Select(f => f.Files.Single()).ShouldBe(["a.js:1", "a.js:7", "c.js:1"]);
        read.Total.ShouldBe(3);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("")]
    [InlineData("{\"matches\": [")]
    [InlineData("{\"matches\": [{]}")]
    [InlineData("no json")]
    public void NoReport_IsSaidToBeNone_NeverTakenForOneWithoutFindings(string text) => Should.Throw<JsonException>(() => Read(text));

    [Theory]
    [InlineData("{\"matches\": []}", "grype")]
    [InlineData("{\"SchemaVersion\": 2, \"ArtifactName\": \"x\"}\n\n", "trivy")]
    public void EmptyReport_HasNoFindings(string text, string format) => Read(text).ShouldSatisfyAllConditions(r => r.Format.ShouldBe(format), r => r.Total.ShouldBe(0));

    [Fact]
    public void MillionFindings_AreCounted_AndTheWorstAreKept_InBoundedMemory()
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var read = ScannerReport.Read(new ManyFindings(1_000_000));
        read.Total.ShouldBe(1_000_000);
        read.Findings.Length.ShouldBe(ScannerReport.Most);
        read.Levels["critical"].ShouldBe(10_000);
        read.Findings.ShouldAllBe(f => f.Level == "critical");
        (GC.GetTotalMemory(forceFullCollection: true) - before).ShouldBeLessThan(100 << 20);
        GC.KeepAlive(read);
    }

    /// <summary>A report that is written while it is read: every hundredth is critical.</summary>
    private sealed class ManyFindings(int count) : Stream
    {
        private byte[] _rest = Encoding.UTF8.GetBytes("{\"matches\": [");
        private int _at;
        private int _made;

        public override int Read(byte[] buffer, int offset, int length)
        {
            if (_at == _rest.Length)
            {
                if (_made > count) return 0;
                _rest = Encoding.UTF8.GetBytes(_made == count ? "]}" : $"{(_made == 0 ? "" : ",")}{{\"vulnerability\":{{\"id\":\"CVE-{_made}\",\"severity\":\"{(_made % 100 == 0 ? "Critical" : "Low")}\"}},\"artifact\":{{\"name\":\"p{_made}\",\"version\":\"1\"}}}}");
                (_at, _made) = (0, _made + 1);
            }
            var some = Math.Min(length, _rest.Length - _at);
            _rest.AsSpan(_at, some).CopyTo(buffer.AsSpan(offset));
            _at += some;
            return some;
        }

        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
        public override void Flush() { }
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
