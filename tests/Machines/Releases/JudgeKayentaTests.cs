using System.Text.Json;

namespace ProdSprint.Releases;

/// <summary>Every case of kayenta-cases.json, named by its id.</summary>
public sealed class JudgeKayentaTests
{
    public static TheoryData<string> Classifier => JudgeCases.Ids("classifier");
    public static TheoryData<string> Shifts => JudgeCases.Ids("mannWhitney");
    public static TheoryData<string> Detectors => JudgeCases.Ids("detectors");
    public static TheoryData<string> Transforms => JudgeCases.Ids("transforms");
    public static TheoryData<string> Statistics => JudgeCases.Ids("statistics");
    public static TheoryData<string> Scoring => JudgeCases.Ids("scoring");
    public static TheoryData<string> Thresholds => JudgeCases.Ids("thresholds");
    public static TheoryData<string> DataAvailability => JudgeCases.Ids("dataAvailability");
    public static TheoryData<string> Gaps => JudgeCases.Ids("gaps");

    [Theory, MemberData(nameof(Classifier))]
    public void Classify_KayentaCase_AsExpected(string id)
    {
        var test = JudgeCases.Case("classifier", id);
        double[] control = JudgeCases.Series(test.GetProperty("control")), experiment = JudgeCases.Series(test.GetProperty("experiment"));
        var rules = Rules(test.GetProperty("config"));
        var expected = test.GetProperty("expected");
        if (test.GetProperty("judge").GetString() == "MeanInequality")
        {
            MetricClassifier.ByMean(rules, control, experiment).ToString().ShouldBe(expected.GetProperty("classification").GetString());
            return;
        }
        var actual = MetricClassifier.Classify(rules, control, experiment);
        if (expected.TryGetProperty("classification", out var kind)) actual.Class.ToString().ShouldBe(kind.GetString());
        if (expected.TryGetProperty("critical", out var critical)) actual.Critical.ShouldBe(critical.GetBoolean());
        if (expected.TryGetProperty("deviation", out var deviation)) Close(actual.Deviation, JudgeCases.Number(deviation), 1e-9);
        if (expected.TryGetProperty("reasonNotEmpty", out _)) actual.Reason.ShouldNotBeNullOrWhiteSpace();

        var computed = test.GetProperty("computed");
        actual.Class.ToString().ShouldBe(computed.GetProperty("classification").GetString());
        var jittered = id == "CLS-29";
        foreach (var (name, value) in new[]
        {
            ("meanRatio", actual.Deviation), ("effectSize", actual.Effect), ("ciLow", actual.Low), ("ciHigh", actual.High),
            ("hodgesLehmann", actual.Estimate), ("toleranceBand", actual.Band),
        })
            if (computed.TryGetProperty(name, out var want)) Close(value, JudgeCases.Number(want), jittered ? 1e-3 : 1e-7, name);
    }

    [Theory, MemberData(nameof(Shifts))]
    public void Shift_KayentaCase_AsExpected(string id)
    {
        var test = JudgeCases.Case("mannWhitney", id);
        double[] control = JudgeCases.Series(test.GetProperty("control")), experiment = JudgeCases.Series(test.GetProperty("experiment"));
        var confidence = test.TryGetProperty("confLevel", out var c) ? c.GetDouble() : 0.95;
        var shift = MannWhitney.Interval(experiment, control, confidence);
        double min = experiment.Min() - control.Max(), max = experiment.Max() - control.Min(), z = 1.9599639845400536;
        foreach (var e in test.GetProperty("expected").EnumerateArray())
        {
            var fn = e.GetProperty("fn").GetString();
            var actual = fn switch
            {
                "wilcoxonDiff" => MannWhitney.WilcoxonDiff(e.GetProperty("mu").GetDouble(), e.GetProperty("zq").GetDouble(), experiment, control),
                "ciLow" => shift.Low,
                "ciHigh" => shift.High,
                "estimate" => shift.Estimate,
                "muMin" => min,
                "muMax" => max,
                "zqLower" => -MathNet.Numerics.Distributions.Normal.InvCDF(0, 1, (1 - confidence) / 2),
                "wilcoxonDiff(muMin,zqLower)" => MannWhitney.WilcoxonDiff(min, z, experiment, control),
                "wilcoxonDiff(muMax,zqLower)" => MannWhitney.WilcoxonDiff(max, z, experiment, control),
                "wilcoxonDiff(muMin,zqUpper)" => MannWhitney.WilcoxonDiff(min, -z, experiment, control),
                "wilcoxonDiff(muMax,zqUpper)" => MannWhitney.WilcoxonDiff(max, -z, experiment, control),
                _ => throw new InvalidOperationException($"{id} asks for {fn}"),
            };
            Close(actual, e.GetProperty("value").GetDouble(), e.GetProperty("tol").GetDouble(), fn!);
        }
    }

    [Theory, MemberData(nameof(Detectors))]
    public void Outliers_KayentaCase_AsExpected(string id)
    {
        var test = JudgeCases.Case("detectors", id);
        var data = JudgeCases.Series(test.GetProperty("data"));
        var flags = test.GetProperty("detector").GetString() == "ksigma"
            ? MetricSeries.OutliersByKSigma(data, test.GetProperty("k").GetDouble())
            : MetricSeries.OutliersByIqr(data, test.GetProperty("factor").GetDouble());
        flags.Select((flag, i) => (flag, i)).Where(f => f.flag).Select(f => f.i).ShouldBe(test.GetProperty("outliers").EnumerateArray().Select(i => i.GetInt32()));
    }

    [Theory, MemberData(nameof(Transforms))]
    public void Transform_KayentaCase_AsExpected(string id)
    {
        var test = JudgeCases.Case("transforms", id);
        var data = JudgeCases.Series(test.GetProperty("data"));
        double[] actual = test.GetProperty("op").GetString() switch
        {
            "removeNaN" => MetricSeries.RemoveNaN(data),
            "replaceNaN(0)" => MetricSeries.ReplaceNaN(data),
            "removeOutliers(ksigma 3)" => MetricSeries.Without(data, MetricSeries.OutliersByKSigma(data, 3)),
            var op => throw new InvalidOperationException($"{id} asks for {op}"),
        };
        actual.ShouldBe(JudgeCases.Series(test.GetProperty("expected")));
    }

    [Theory, MemberData(nameof(Statistics))]
    public void Statistic_KayentaCase_AsExpected(string id)
    {
        var test = JudgeCases.Case("statistics", id);
        double[] Of(string name) => JudgeCases.Series(test.GetProperty(name));
        var expected = test.GetProperty("expected");
        var tolerance = test.TryGetProperty("tol", out var t) ? t.GetDouble() : 1e-12;
        switch (test.GetProperty("fn").GetString())
        {
            case "summary":
                var (min, max, mean, std, count) = MetricSeries.Summary(Of("data"));
                foreach (var (name, value) in new[] { ("min", min), ("max", max), ("mean", mean), ("std", std), ("count", count) })
                    Close(value, expected.GetProperty(name).GetDouble(), tolerance, name);
                break;
            case "percentileR7":
                foreach (var p in expected.EnumerateObject())
                    Close(MetricSeries.Percentile(Of("data"), double.Parse(p.Name, System.Globalization.CultureInfo.InvariantCulture)), p.Value.GetDouble(), tolerance);
                break;
            case "meanRatio": Close(MetricSeries.MeanRatio(Of("control"), Of("experiment")), JudgeCases.Number(expected), tolerance); break;
            case "cohenD": Close(MetricSeries.CohenD(Of("control"), Of("experiment")), JudgeCases.Number(expected), tolerance); break;
            case "cles": Close(MetricSeries.CommonLanguageEffect(Of("control"), Of("experiment")), JudgeCases.Number(expected), tolerance); break;
            case var fn: throw new InvalidOperationException($"{id} asks for {fn}");
        }
    }

    [Theory, MemberData(nameof(Scoring))]
    public void Score_KayentaCase_AsExpected(string id)
    {
        var test = JudgeCases.Case("scoring", id);
        var weights = test.GetProperty("groupWeights").EnumerateObject().ToDictionary(w => w.Name, w => w.Value.GetDouble());
        var metrics = test.GetProperty("metrics").EnumerateArray().Select(m => new ScoredMetric(
            Enum.Parse<MetricClass>(m.GetProperty("classification").GetString()!), [m.GetProperty("group").GetString()!], m.GetProperty("critical").GetBoolean())).ToList();
        CanaryScore.Of(weights, metrics).ShouldBe(test.GetProperty("expectedScore").GetDouble());
    }

    [Theory, MemberData(nameof(Thresholds))]
    public void ScoreClass_KayentaCase_AsExpected(string id)
    {
        var test = JudgeCases.Case("thresholds", id);
        double score = test.GetProperty("score").GetDouble(), marginal = test.GetProperty("marginal").GetDouble();
        if (test.GetProperty("expected").GetString() == "TerminalFailure") CanaryScore.EndsAnalysis(score, marginal).ShouldBeTrue();
        else CanaryScore.Classify(score, test.GetProperty("passThr").GetDouble(), marginal).ToString().ShouldBe(test.GetProperty("expected").GetString());
    }

    [Theory, MemberData(nameof(DataAvailability))]
    public void MissingData_KayentaCase_AsExpected(string id)
    {
        var test = JudgeCases.Case("dataAvailability", id);
        var rules = new MetricRules
        {
            Nan = Enum.Parse<NanStrategy>(test.GetProperty("nanStrategy").GetString()!, ignoreCase: true),
            MustHaveData = test.GetProperty("mustHaveData").GetBoolean(),
            Critical = test.GetProperty("critical").GetBoolean(),
        };
        var actual = MetricClassifier.Classify(rules, JudgeCases.Series(test.GetProperty("control")), JudgeCases.Series(test.GetProperty("experiment")));
        actual.Class.ToString().ShouldBe(test.GetProperty("expected").GetProperty("classification").GetString());
        actual.Critical.ShouldBe(test.GetProperty("expected").GetProperty("critical").GetBoolean());
    }

    [Theory, MemberData(nameof(Gaps))]
    public void Gap_KayentaPasses_SequentialDoesNot(string id)
    {
        var test = JudgeCases.Case("gaps", id);
        double[] control = JudgeCases.Series(test.GetProperty("control")), experiment = JudgeCases.Series(test.GetProperty("experiment"));
        var kayenta = MetricClassifier.Classify(Rules(test.GetProperty("config")), control, experiment);
        kayenta.Class.ToString().ShouldBe(test.GetProperty("kayentaFormula").GetString());
        Close(kayenta.Low, test.GetProperty("ciLow").GetDouble(), 1e-6);
        Close(kayenta.High, test.GetProperty("ciHigh").GetDouble(), 1e-6);

        // The same counts as a canary with as much traffic as stable, a hundred requests a point; rates become errors in a thousand.
        var scale = experiment.Max() < 1 ? 100 : 1;
        var evidence = CanaryEvidence.None;
        for (var i = 0; i < control.Length; i++)
            evidence = EvidenceSeries.Add(evidence, (i + 1) * 10, Counts(experiment[i] * scale), Counts(control[i] * scale));
        var judgement = CanaryJudge.Judge(JudgePolicy.Default with { LatencyQuantiles = [] }, evidence);
        judgement.Verdict.ShouldNotBe(Verdict.Healthy, judgement.Reason);
    }

    private static VersionEvidence Counts(double errors) => new(100, (long)Math.Round(errors), Traffic.LatencyHistogram.Empty);

    private static MetricRules Rules(JsonElement config)
    {
        double Number(string name, double otherwise) => config.TryGetProperty(name, out var v) ? v.GetDouble() : otherwise;
        return new()
        {
            Tolerance = Number("tolerance", 0.25),
            ConfidenceLevel = Number("confLevel", 0.98),
            Direction = Enum.Parse<MetricDirection>(config.GetProperty("direction").GetString()!, ignoreCase: true),
            Nan = config.TryGetProperty("nanStrategy", out var nan) ? Enum.Parse<NanStrategy>(nan.GetString()!, ignoreCase: true) : NanStrategy.Remove,
            Critical = config.TryGetProperty("critical", out var critical) && critical.GetBoolean(),
            Measure = config.TryGetProperty("effectSizeMeasure", out var measure) && measure.GetString() == "cles" ? EffectMeasure.CommonLanguage : EffectMeasure.MeanRatio,
            AllowedIncrease = Number("allowedIncrease", 1),
            AllowedDecrease = Number("allowedDecrease", 1),
            CriticalIncrease = Number("criticalIncrease", 1),
            CriticalDecrease = Number("criticalDecrease", 1),
        };
    }

    private static void Close(double actual, double expected, double tolerance, string what = "value")
    {
        if (double.IsNaN(expected)) double.IsNaN(actual).ShouldBeTrue($"{what} should be NaN but is {actual}");
        else (Math.Abs(actual - expected) <= Math.Max(tolerance, Math.Abs(expected) * 1e-9)).ShouldBeTrue($"{what} should be {expected} within {tolerance} but is {actual}");
    }
}
