using System.Collections.Immutable;
using System.Globalization;
using ProdSprint.Plans;

namespace ProdSprint.Projects;

/// <summary>
/// Reads prodsprint.yml strictly: an unknown field, a wrong type or a value out of range is an error with line and column, and then the whole file counts
/// for nothing, because half of what was meant is worse than a clear refusal.
/// </summary>
public sealed class ConfigurationReader
{
    public static readonly string[] FileNames = ["prodsprint.yml", "prodsprint.yaml"];

    private static readonly string[] RootFields = ["version", "policy", "entry", "warm", "services", "canary"];
    private static readonly string[] ServiceFields = ["path", "install", "build", "start", "static", "port", "portVariable", "health", "env", "required", "memory", "cpus", "test", "migrate", "deploy"];
    private static readonly string[] StepFields = ["weight", "minRequests", "minBake", "maxBake", "pause"];

    private readonly string _path;
    private readonly GapList _gaps;
    private int _errors;

    private ConfigurationReader(string path, GapList gaps) => (_path, _gaps) = (path, gaps);

    public static ProjectConfiguration? Read(AuditContext context)
    {
        var found = FileNames.Where(context.Files.HasFile).ToList();
        if (found.Count == 0) return null;
        var reader = new ConfigurationReader(found[0], context.Gaps);
        if (found.Count > 1) reader.Error(1, 1, $"{found[1]} is there too: keep one of them");
        if (context.Files.Manifest(found[0]) is not { } text) return null;
        try
        {
            var configuration = reader.Project(YamlReader.Parse(text));
            return reader._errors == 0 ? configuration : null;
        }
        catch (YamlProblem e)
        {
            reader.Error(e.Line, e.Column, e.Message);
            return null;
        }
    }

    private ProjectConfiguration Project(YamlValue root)
    {
        Fields(root, RootFields, "the file");
        if (root["version"] is { } version && Whole(version, "version", 1, 1) is null) Error(version.Line, version.Column, "the only version is 1");
        if (Text(root["policy"], "policy") is { } policy && !PolicyProfiles.Names.Contains(policy))
            Error(root["policy"]!.Line, root["policy"]!.Column, $"there is no policy \"{policy}\"; {Suggest(policy, PolicyProfiles.Names)}");
        var services = ImmutableArray.CreateBuilder<ServiceConfiguration>();
        foreach (var field in Map(root["services"], "services")) services.Add(Service(field));
        var entry = Text(root["entry"], "entry");
        return new(_path, Text(root["policy"], "policy"), entry, [.. services.OrderBy(s => s.Name, StringComparer.Ordinal)], Canary(root["canary"]), Duration(root["warm"], "warm"));
    }

    private ServiceConfiguration Service(YamlField field)
    {
        var value = field.Value;
        Fields(value, ServiceFields, $"services.{field.Name}");
        if (field.Name.Length > 63 || field.Name.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_')))
            Error(field.Line, field.Column, $"\"{field.Name}\" is no service name: letters, digits and dashes only");
        var path = Inside(value["path"], "path");
        var health = Text(value["health"], "health");
        if (health is not null && (health[0] != '/' || health.Any(c => c <= ' '))) Error(value["health"]!.Line, value["health"]!.Column, "health must be a path that begins with /");
        var environment = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var variable in Map(value["env"], "env"))
            if (IsVariable(variable.Name, variable.Line, variable.Column) && variable.Value is { Items: null, Fields: null }) environment[variable.Name] = variable.Value.Text ?? "";
            else if (variable.Value.Text is null) Error(variable.Value.Line, variable.Value.Column, $"env.{variable.Name} must be plain text");
        var required = Items(value["required"], "required").Where(i => i.Text is not null && IsVariable(i.Text, i.Line, i.Column)).Select(i => i.Text!);
        var portVariable = Text(value["portVariable"], "portVariable");
        if (portVariable is not null) IsVariable(portVariable, value["portVariable"]!.Line, value["portVariable"]!.Column);
        return new(field.Name, path, Text(value["install"], "install"), Text(value["build"], "build"), Text(value["start"], "start"), Inside(value["static"], "static"),
            (int?)Whole(value["port"], "port", 1, 65535), portVariable, health, environment.ToImmutable(), [.. required.Distinct().Order(StringComparer.Ordinal)],
            (int?)Whole(value["memory"], "memory (MiB)", 16, 1 << 20), Text(value["test"], "test"), new(_path, field.Line, field.Column))
        {
            Cpus = (int?)Whole(value["cpus"], "cpus", 1, 1024),
            Deploy = Boolean(value["deploy"], "deploy"),
            Migrate = value["migrate"] is { Text: "" } or { IsEmpty: true } ? "" : Text(value["migrate"], "migrate"),
        };
    }

    private ImmutableArray<CanaryStep> Canary(YamlValue? value)
    {
        var steps = ImmutableArray.CreateBuilder<CanaryStep>();
        foreach (var item in Items(value, "canary"))
        {
            Fields(item, StepFields, "a canary step");
            if (item.Fields is null) continue;
            var weight = Number(item["weight"], "weight", 0.01, 100);
            if (weight is null && item["weight"] is null) Error(item.Line, item.Column, "a canary step needs a weight");
            var shortest = Duration(item["minBake"], "minBake") ?? TimeSpan.FromMinutes(1);
            var longest = Duration(item["maxBake"], "maxBake") ?? TimeSpan.FromTicks(Math.Max(shortest.Ticks * 10, TimeSpan.FromMinutes(10).Ticks));
            if (longest < shortest) Error(item.Line, item.Column, "maxBake is shorter than minBake");
            if (weight <= steps.LastOrDefault()?.WeightPercent) Error(item.Line, item.Column, "the weights must rise from step to step");
            steps.Add(new(weight ?? 100, Whole(item["minRequests"], "minRequests", 1, 1_000_000_000) ?? 100, shortest, longest, Boolean(item["pause"], "pause") ?? false));
        }
        if (steps.Count > 0 && steps[^1].WeightPercent < 100) Error(value!.Line, value.Column, "the last canary step must have weight 100");
        if (steps.Count > 50) Error(value!.Line, value.Column, "at most 50 canary steps");
        return steps.ToImmutable();
    }

    private void Fields(YamlValue value, string[] known, string where)
    {
        if (value.Fields is null)
        {
            if (!value.IsEmpty || where != "the file") Error(value.Line, value.Column, $"{where} must be a list of \"name: value\" lines");
            return;
        }
        foreach (var field in value.Fields)
            if (!known.Contains(field.Name)) Error(field.Line, field.Column, $"unknown field \"{field.Name}\" in {where}; {Suggest(field.Name, known)}");
    }

    private IReadOnlyList<YamlField> Map(YamlValue? value, string name)
    {
        if (value is null || value.IsEmpty) return [];
        if (value.Fields is null) Error(value.Line, value.Column, $"{name} must be a list of \"name: value\" lines");
        return value.Fields ?? [];
    }

    private IReadOnlyList<YamlValue> Items(YamlValue? value, string name)
    {
        if (value is null || value.IsEmpty) return [];
        if (value.Items is null) Error(value.Line, value.Column, $"{name} must be a list (lines that begin with -)");
        return value.Items ?? [];
    }

    private string? Text(YamlValue? value, string name)
    {
        if (value is null || value.IsEmpty) return null;
        if (value.Text is not { Length: > 0 } text || text.Length > 4000 || text.Contains('\0')) { Error(value.Line, value.Column, $"{name} must be plain text"); return null; }
        return text;
    }

    private string? Inside(YamlValue? value, string name)
    {
        if (Text(value, name) is not { } text) return null;
        if (TreePaths.Resolve(".", text) is { } path && (path == "." || TreePaths.IsSafe(path))) return path;
        Error(value!.Line, value.Column, $"{name} must stay inside the repository");
        return null;
    }

    private long? Whole(YamlValue? value, string name, long low, long high) => (long?)Number(value, name, low, high, whole: true);

    private double? Number(YamlValue? value, string name, double low, double high, bool whole = false)
    {
        if (value is null || value.IsEmpty) return null;
        if (double.TryParse(value.Text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= low && number <= high && (!whole || Math.Floor(number) == number)) return number;
        Error(value.Line, value.Column, string.Create(CultureInfo.InvariantCulture, $"{name} must be a {(whole ? "whole " : "")}number from {low} to {high}"));
        return null;
    }

    private bool? Boolean(YamlValue? value, string name)
    {
        if (value is null || value.IsEmpty) return null;
        if (value.Text is "true" or "false") return value.Text == "true";
        Error(value.Line, value.Column, $"{name} must be true or false");
        return null;
    }

    /// <summary>"30s", "5m", "1h30m"; at most 30 days.</summary>
    private TimeSpan? Duration(YamlValue? value, string name)
    {
        if (value is null || value.IsEmpty) return null;
        if (Durations.Parse(value.Text) is { } span && span <= TimeSpan.FromDays(30)) return span;
        Error(value.Line, value.Column, $"{name} must be a time like 30s, 5m or 1h30m, at most 30 days");
        return null;
    }

    private bool IsVariable(string name, int line, int column)
    {
        if (name.Length is > 0 and < 200 && !char.IsAsciiDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_')) return true;
        Error(line, column, $"\"{name}\" is no name of an environment variable");
        return false;
    }

    private void Error(int line, int column, string message)
    {
        _errors++;
        _gaps.Add(GapCodes.ConfigurationInvalid, GapSeverity.Blocking, $"{_path} is not valid: {message}", $"Line {line}, column {column}: {message.TrimEnd('.')}. The file counts for nothing until it is right.",
            $"Correct {_path} at line {line}, column {column}", new(_path, line, column));
    }

    private static string Suggest(string word, IEnumerable<string> known)
    {
        var nearest = known.Select(k => (Name: k, Distance: EditDistance.Between(word.ToLowerInvariant(), k.ToLowerInvariant()))).MinBy(k => k.Distance);
        return nearest.Distance <= Math.Max(2, word.Length / 3) ? $"did you mean \"{nearest.Name}\"?" : $"known are {string.Join(", ", known)}";
    }
}
