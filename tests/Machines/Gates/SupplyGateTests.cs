using System.Collections.Immutable;
using ProdSprint.Gates;
using ProdSprint.Plans;
using ProdSprint.Supply;

namespace ProdSprint.Tests.Gates;

/// <summary>What of a bill of materials needs a waiver, and which waiver covers it.</summary>
public sealed class SupplyGateTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 9, 0, 0, TimeSpan.Zero);
    private static readonly GateFinding Lodash = new(WaiverKind.Vulnerability, "GHSA-35jh-r3h4-6jhm", ["CVE-2021-23337"], "pkg:npm/lodash@4.17.20", "high", "4.17.21", null);

    private static GateWaiver Waiver(string subject, string? package, WaiverKind kind = WaiverKind.Vulnerability) => new(1, kind, subject, package, "r", "T-1", Now.AddDays(1), "user:ana", Now);

    [Theory]
    [InlineData("GHSA-35jh-r3h4-6jhm", "pkg:npm/lodash", true)]
    [InlineData("cve-2021-23337", "pkg:npm/lodash@4.17.20", true)]
    [InlineData("CVE-2021-23337", "pkg:npm/lodash@4.17.19", false)]
    [InlineData("CVE-2021-23337", "pkg:npm/lodash-es", false)]
    [InlineData("CVE-2021-23337", "pkg:npm/lod", false)]
    [InlineData("CVE-2020-8203", "pkg:npm/lodash", false)]
    public void Covers_ByIdOrAlias_AndByPackageWithOrWithoutVersion(string subject, string package, bool covers) => SupplyGate.Covers(Waiver(subject, package), Lodash).ShouldBe(covers);

    [Fact]
    public void Covers_ScopedPackageWithoutVersion_IsNotCutAtItsScope()
    {
        var scoped = Lodash with { Package = "pkg:npm/%40babel/traverse@7.0.0" };
        SupplyGate.Covers(Waiver(Lodash.Id, "pkg:npm/%40babel/traverse"), scoped).ShouldBeTrue();
        SupplyGate.Covers(Waiver(Lodash.Id, null, WaiverKind.Licence), scoped).ShouldBeFalse();
    }

    [Fact]
    public void Uncovered_ExpiredRevokedOrByTheAuthor_CoversNothing()
    {
        var valid = Waiver(Lodash.Id, "pkg:npm/lodash");
        SupplyGate.Uncovered([Lodash], [valid], [], Now).ShouldBeEmpty();
        SupplyGate.Uncovered([Lodash], [valid], [], Now.AddDays(1)).ShouldHaveSingleItem();
        SupplyGate.Uncovered([Lodash], [valid with { State = WaiverState.Revoked }], [], Now).ShouldHaveSingleItem();
        SupplyGate.Uncovered([Lodash], [valid], ["user:ana"], Now).ShouldHaveSingleItem();
    }

    [Fact]
    public void LapsesAt_TwoWaiversOfOneFinding_IsWhenTheLastEnds()
    {
        var (first, second) = (Waiver(Lodash.Id, null), Waiver("CVE-2021-23337", null) with { Expires = Now.AddDays(3) });
        SupplyGate.LapsesAt([Lodash], [first, second], []).ShouldBe(Now.AddDays(3));
        SupplyGate.LapsesAt([Lodash, Lodash with { Id = "other", Aliases = [] }], [first, second, Waiver("other", null) with { Expires = Now.AddDays(2) }], []).ShouldBe(Now.AddDays(2));
    }

    [Theory]
    [InlineData("MIT", true)]
    [InlineData("AGPL-3.0-or-later", false)]
    [InlineData("(MIT OR AGPL-3.0-only)", true)]
    [InlineData("MIT AND AGPL-3.0", false)]
    [InlineData("MIT OR AGPL-3.0 AND SSPL-1.0", true)]
    [InlineData("GPL-2.0-only WITH Classpath-exception-2.0", true)]
    [InlineData("(MIT", false)]
    [InlineData("", false)]
    public void Allows_SpdxExpressionsAgainstADenyList(string expression, bool allowed) => LicenceRule.Allows(new([], ["AGPL-3.0", "SSPL-1.0"]), expression).ShouldBe(allowed);

    [Theory]
    [InlineData("MIT", true)]
    [InlineData("ISC OR BSD-3-Clause", false)]
    public void Allows_AllowList_IsThoseAndNoOthers(string expression, bool allowed) => LicenceRule.Allows(new(["MIT", "Apache-2.0"], []), expression).ShouldBe(allowed);

    [Fact]
    public void Judge_OnlyWhatIsShippedAndSevere_WorstFirst_AndBounded()
    {
        var bill = new BillOfMaterials("c", [new("npm", "a", "1.0.0", false, [], ["package-lock.json"], "AGPL-3.0"), new("npm", "b", "1.0.0", true, [], [], "AGPL-3.0"), new("npm", "c", "1.0.0", false, [], [])], [], []);
        ImmutableArray<Finding> findings =
        [
            new("A-1", "critical", "bad", "pkg:npm/a@1.0.0", "1.0.1", [], false, []), new("A-2", "high", null, "pkg:npm/b@1.0.0", null, [], true, []), new("A-3", "medium", null, "pkg:npm/c@1.0.0", null, [], false, []),
        ];
        var result = SupplyGate.Judge(bill, findings, 3, true, new([], ["AGPL-3.0"]));
        result.Findings.Select(f => (f.Kind, f.Id)).ShouldBe([(WaiverKind.Vulnerability, "A-1"), (WaiverKind.Licence, "AGPL-3.0")]);
        SupplyGate.Judge(bill, [], 0, false, null).Detail.ShouldContain("no advisories are imported");
        var many = SupplyGate.Judge(bill, [.. Enumerable.Range(0, 2000).Select(i => findings[0] with { Advisory = $"A-{i}" })], 2000, true, null);
        (many.Findings.Length, many.More).ShouldBe((500, 1500));
    }
}
