using System.Globalization;
using System.Text;
using System.Xml;

namespace ProdSprint.Gates;

/// <summary>JUnit's XML as its many writers write it, and TRX. Read forward, one element at a time.</summary>
internal static class XmlReports
{
    /// <summary>A document type is skipped and nothing it declares is expanded or fetched: an entity of its own is an error.</summary>
    private static readonly XmlReaderSettings Settings = new()
    {
        DtdProcessing = DtdProcessing.Ignore, XmlResolver = null, CheckCharacters = false, IgnoreComments = true, IgnoreProcessingInstructions = true, IgnoreWhitespace = true,
        MaxCharactersInDocument = TestReportReader.LargestFile, MaxCharactersFromEntities = 1024,
    };

    /// <summary>By a text reader, so that bytes that are no UTF-8 become the replacement character.</summary>
    public static XmlReader Open(Stream stream) => XmlReader.Create(new StreamReader(stream, Encoding.UTF8, detectEncodingFromByteOrderMarks: true, leaveOpen: true), Settings);

    public static void JUnit(Stream stream, TestTally tally)
    {
        using var xml = Open(stream);
        var suites = new List<string>();
        while (xml.Read())
        {
            switch (xml.NodeType, xml.LocalName)
            {
                case (XmlNodeType.Element, "testsuite") when !xml.IsEmptyElement: suites.Add(xml.GetAttribute("name") ?? ""); break;
                case (XmlNodeType.EndElement, "testsuite"): suites.RemoveAt(suites.Count - 1); break;
                case (XmlNodeType.Element, "testcase"): JUnitCase(xml, suites, tally); break;
            }
        }
    }

    private static void JUnitCase(XmlReader xml, List<string> suites, TestTally tally)
    {
        var (name, type, file, seconds) = (xml.GetAttribute("name") ?? "", xml.GetAttribute("classname") ?? "", xml.GetAttribute("file") ?? "", Seconds(xml.GetAttribute("time")));
        var outcome = xml.GetAttribute("status") is "skipped" or "disabled" or "notrun" ? TestOutcome.Skipped : TestOutcome.Passed;
        string? message = null;
        if (!xml.IsEmptyElement)
        {
            var depth = xml.Depth;
            while (xml.Read() && xml.Depth > depth)
            {
                if (xml.NodeType != XmlNodeType.Element || xml.Depth != depth + 1) continue;
                // Surefire's flakyFailure stands in a test that passed when it ran again, its rerunFailure beside the failure
                if (xml.LocalName is "failure" or "error") (outcome, message) = (TestOutcome.Failed, message ?? Message(xml));
                else if (xml.LocalName == "skipped" && outcome == TestOutcome.Passed) outcome = TestOutcome.Skipped;
            }
        }
        // node's own reporter calls every class "test": there the file tells tests of one name apart, and the suites they stand in
        var suite = type is "" or "test" ? string.Join(" › ", suites.Prepend(file).Where(s => s.Length > 0)) : type;
        tally.Case(suite, name, outcome, seconds, message);
    }

    /// <summary>The attribute, else the beginning of the text.</summary>
    private static string Message(XmlReader xml)
    {
        if (xml.GetAttribute("message") is { Length: > 0 } said) return said;
        if (xml.IsEmptyElement) return xml.GetAttribute("type") ?? "";
        var depth = xml.Depth;
        var text = new StringBuilder();
        var part = new char[1024];
        while (xml.Read() && xml.Depth > depth)
            if (xml.NodeType is XmlNodeType.Text or XmlNodeType.CDATA)
                for (int n; text.Length < TestTally.LongestMessage && (n = xml.ReadValueChunk(part, 0, part.Length)) > 0;) text.Append(part, 0, n);
        return text.ToString().Trim();
    }

    public static void Trx(Stream stream, TestTally tally)
    {
        using var xml = Open(stream);
        var results = new List<(string Id, string Name, TestOutcome Outcome, double Seconds, string? Message)>();
        var classes = new Dictionary<string, string>(StringComparer.Ordinal);
        string? definition = null;
        while (xml.Read())
        {
            if (xml.NodeType != XmlNodeType.Element) continue;
            switch (xml.LocalName)
            {
                case "UnitTestResult":
                    if (results.Count >= TestTally.MostCases) throw new InvalidDataException($"more than {TestTally.MostCases} tests");
                    results.Add(TrxResult(xml));
                    break;
                case "UnitTest": definition = xml.GetAttribute("id"); break;
                case "TestMethod" when definition is not null:
                    if (xml.GetAttribute("className") is { } type) classes.TryAdd(definition, type.Split(',')[0]);
                    definition = null;
                    break;
            }
        }
        foreach (var (id, name, outcome, seconds, message) in results)
        {
            var type = classes.GetValueOrDefault(id, "");
            // xunit gives the method's full name, MSTest its last part
            tally.Case(type, type.Length > 0 && name.StartsWith(type + ".", StringComparison.Ordinal) ? name[(type.Length + 1)..] : name, outcome, seconds, message);
        }
    }

    private static (string Id, string Name, TestOutcome Outcome, double Seconds, string? Message) TrxResult(XmlReader xml)
    {
        var (id, name) = (xml.GetAttribute("testId") ?? "", xml.GetAttribute("testName") ?? "");
        var outcome = xml.GetAttribute("outcome") switch
        {
            "Passed" or "PassedButRunAborted" or "Warning" => TestOutcome.Passed,
            "NotExecuted" or "NotRunnable" or "Inconclusive" or "Pending" or "Disconnected" => TestOutcome.Skipped,
            _ => TestOutcome.Failed,
        };
        var seconds = TimeSpan.TryParse(xml.GetAttribute("duration"), CultureInfo.InvariantCulture, out var took) ? took.TotalSeconds : 0;
        string? message = null;
        if (!xml.IsEmptyElement)
        {
            var depth = xml.Depth;
            while (xml.Read() && xml.Depth > depth)
                if (xml is { NodeType: XmlNodeType.Element, LocalName: "Message" } && message is null) message = Message(xml);
        }
        return (id, name, outcome, seconds, message);
    }

    /// <summary>Some write thousands with a comma: 1,234.5.</summary>
    private static double Seconds(string? text) => double.TryParse(text, NumberStyles.Float | NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out var seconds) ? seconds : 0;
}
