using ProdSprint.Projects;

namespace ProdSprint.Tests.Projects;

public sealed class ConfigurationReaderTests
{
    private static AuditReport Audit(string yaml) => Auditor.Run(MemoryTree.Of(("prodsprint.yml", yaml), ("index.html", "x")));

    [Fact]
    public void Read_EveryField_IsTaken()
    {
        var configuration = Audit("""
            version: 1
            policy: strict
            entry: web
            warm: 1h30m
            services:
              web:
                path: .
                build: make
                start: ./web
                port: 8081
                health: /ok
                memory: 128
                env: { A: "1" }
                required: [B]
            canary:
              - { weight: 10, minRequests: 5, minBake: 10s, maxBake: 1m, pause: true }
              - { weight: 100 }
            """).Configuration.ShouldNotBeNull();
        configuration.WarmAfterPromotion.ShouldBe(TimeSpan.FromMinutes(90));
        configuration.Canary.Select(s => s.WeightPercent).ShouldBe([10, 100]);
        configuration.Canary[0].Pause.ShouldBeTrue();
        configuration.Services.Single().Environment["A"].ShouldBe("1");
        configuration.Services.Single().At.Line.ShouldBe(6);
    }

    [Theory]
    [InlineData("polcy: strict", 1, 1, "did you mean \"policy\"?")]
    [InlineData("services:\n  web:\n    strat: x", 3, 5, "did you mean \"start\"?")]
    [InlineData("services:\n  web:\n    port: 0", 3, 11, "whole number from 1 to 65535")]
    [InlineData("services:\n  web:\n    path: ../other", 3, 11, "inside the repository")]
    [InlineData("canary:\n  - { weight: 50 }\n  - { weight: 20 }", 3, 5, "must rise")]
    [InlineData("canary:\n  - { weight: 50 }", 2, 3, "must have weight 100")]
    [InlineData("canary:\n  - { weight: 50, minBake: soon }\n  - { weight: 100 }", 2, 28, "a time like")]
    [InlineData("policy: loose", 1, 9, "no policy")]
    [InlineData("services:\n  web:\n    env: { \"1 A\": x }", 3, 12, "no name of an environment variable")]
    public void Read_Mistake_IsABlockingGapWithLineAndColumn(string yaml, int line, int column, string text)
    {
        var report = Audit(yaml);
        report.Configuration.ShouldBeNull();
        var gap = report.Gaps.First(g => g.Code == GapCodes.ConfigurationInvalid && g.Title.Contains(text, StringComparison.Ordinal));
        (gap.At!.Line, gap.At.Column).ShouldBe((line, column));
    }

    [Theory]
    [InlineData("250ms", 0.25)]
    [InlineData("1h30m", 5400)]
    [InlineData("2d", 172800)]
    public void Durations_Written_ReadBack(string text, double seconds)
    {
        Durations.Parse(text).ShouldBe(TimeSpan.FromSeconds(seconds));
        Durations.Parse(Durations.Write(TimeSpan.FromSeconds(seconds))).ShouldBe(TimeSpan.FromSeconds(seconds));
    }
}
