using System.Text;
using System.Text.Json;
using System.Xml;

namespace ProdSprint.Gates;

/// <summary>Reads one file that a test runner may have written. What it is, its content says; a name decides nothing.</summary>
public static class TestReportReader
{
    /// <summary>A larger one is not read, and named.</summary>
    public const long LargestFile = 200 << 20;

    private const int Beginning = 4096;

    /// <returns>The format, or null when it is no report of tests or coverage.</returns>
    /// <exception cref="InvalidDataException">It is one, and is broken or beyond every bound; what was read until then stays in the tally.</exception>
    public static string? Read(Stream stream, long length, TestTally tally)
    {
        if (!stream.CanSeek) throw new ArgumentException("It is looked at first, then read.", nameof(stream));
        var start = new byte[(int)Math.Min(Beginning, length)];
        var read = stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        stream.Position = 0;
        var format = Format(Text(start.AsSpan(0, read)));
        if (format is null) return null;
        if (length > LargestFile) throw new InvalidDataException($"it has {length >> 20} MiB, and at most {LargestFile >> 20} are read");
        try
        {
            switch (format)
            {
                case "junit": XmlReports.JUnit(stream, tally); break;
                case "trx": XmlReports.Trx(stream, tally); break;
                case "cobertura": CoverageReports.Cobertura(stream, tally); break;
                case "lcov": CoverageReports.Lcov(Lines(stream), tally); break;
                case "go": CoverageReports.Go(Lines(stream), tally); break;
                case "coverage.py": CoverageReports.CoveragePy(stream, tally); break;
            }
        }
        catch (Exception e) when (e is XmlException or JsonException or InvalidOperationException or DecoderFallbackException)
        {
            throw new InvalidDataException($"it cannot be read to its end: {e.Message}", e);
        }
        return format;
    }

    private static string? Format(string start)
    {
        var text = start.TrimStart('﻿', ' ', '\t', '\r', '\n');
        if (text.StartsWith('<')) return Element(text) switch { "testsuites" or "testsuite" => "junit", "TestRun" => "trx", "coverage" => "cobertura", _ => null };
        if (text.StartsWith("mode: ", StringComparison.Ordinal)) return "go";
        if (text.StartsWith("TN:", StringComparison.Ordinal) || text.StartsWith("SF:", StringComparison.Ordinal)) return "lcov";
        // its first names are meta (format, version, …) and files
        if (text.StartsWith('{') && text.Contains("\"meta\"", StringComparison.Ordinal) && (text.Contains("\"branch_coverage\"", StringComparison.Ordinal) || text.Contains("\"executed_lines\"", StringComparison.Ordinal))) return "coverage.py";
        return null;
    }

    /// <summary>The first element's name, past the declaration, comments and a document type.</summary>
    private static string? Element(string text)
    {
        var at = 0;
        while (at < text.Length && (at = text.IndexOf('<', at)) >= 0)
        {
            if (at + 1 >= text.Length) return null;
            if (text[at + 1] is not ('?' or '!'))
            {
                var end = text.AsSpan(at + 1).IndexOfAny(" \t\r\n/>");
                var name = end < 0 ? text[(at + 1)..] : text.Substring(at + 1, end);
                return name[(name.IndexOf(':', StringComparison.Ordinal) + 1)..];
            }
            var close = text.AsSpan(at).StartsWith("<!--") ? text.IndexOf("-->", at, StringComparison.Ordinal) : text.IndexOf('>', at);
            if (close < 0) return null;
            at = close;
        }
        return null;
    }

    private static string Text(ReadOnlySpan<byte> bytes) => bytes is [0xFF, 0xFE, ..] ? Encoding.Unicode.GetString(bytes[2..]) : bytes is [0xFE, 0xFF, ..] ? Encoding.BigEndianUnicode.GetString(bytes[2..]) : Encoding.UTF8.GetString(bytes);

    /// <summary>Bytes that are no UTF-8 become the replacement character. A line longer than any path is cut, and what is cut off is skipped.</summary>
    private static IEnumerable<string> Lines(Stream stream)
    {
        const int longest = 8192;
        using var reader = new StreamReader(stream, leaveOpen: true);
        var line = new StringBuilder();
        var buffer = new char[32 << 10];
        for (int n; (n = reader.Read(buffer, 0, buffer.Length)) > 0;)
            for (var rest = buffer.AsMemory(0, n); rest.Length > 0;)
            {
                var end = rest.Span.IndexOf('\n');
                var part = end < 0 ? rest : rest[..end];
                if (line.Length < longest) line.Append(part.Span[..Math.Min(part.Length, longest - line.Length)]);
                if (end < 0) break;
                yield return line.ToString().TrimEnd('\r');
                line.Clear();
                rest = rest[(end + 1)..];
            }
        if (line.Length > 0) yield return line.ToString().TrimEnd('\r');
    }
}
