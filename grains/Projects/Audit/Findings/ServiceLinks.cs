using System.Text.RegularExpressions;

namespace ProdSprint.Projects;

/// <summary>Which services of one repository call each other: by compose's depends_on, by variables that name another service's address, by hosts in addresses.</summary>
public static partial class ServiceLinks
{
    /// <summary>Names that a text mentions as other programs: the stem of FOO_SERVICE_ADDR, the host of http://foo:8080.</summary>
    public static IEnumerable<(string Name, int Index, string Mention)> Mentions(string text)
    {
        if (text.Contains("_ADDR", StringComparison.Ordinal) || text.Contains("_URL", StringComparison.Ordinal) || text.Contains("_HOST", StringComparison.Ordinal) || text.Contains("_ENDPOINT", StringComparison.Ordinal) || text.Contains("_URI", StringComparison.Ordinal))
            foreach (Match m in Variable().Matches(text)) yield return (m.Groups["name"].Value, m.Index, m.Groups["all"].Value);
        if (text.Contains("://", StringComparison.Ordinal))
            foreach (Match m in Host().Matches(text)) yield return (m.Groups["name"].Value, m.Index, m.Value);
    }

    /// <summary>"cartservice", "cart-service" and "CART_SERVICE" are one name.</summary>
    public static bool Same(string one, string other) => Plain(one) is { Length: > 1 } plain && plain == Plain(other);

    public static IReadOnlyList<ServiceLink> Of(ServiceDraft draft, SourceScan scan, IReadOnlyList<ServiceDraft> all, IReadOnlyList<ContainerAudit> containers)
    {
        var links = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var container in containers.Where(c => c.Service == draft.Name))
            foreach (var other in container.DependsOn)
                if (containers.FirstOrDefault(c => c.Name == other && c.At.Path == container.At.Path)?.Service is { } service && service != draft.Name) links.TryAdd(service, $"{container.At} depends_on");
        foreach (var other in all.Where(d => d != draft))
            if (scan.Mention(other.Name!) is { } mention) links.TryAdd(other.Name!, mention);
        foreach (var other in all.Where(d => d != draft && d.Directory != "." && draft.DependsOn.Contains(d.Directory)))
            links.TryAdd(other.Name!, draft.Manifest);
        return [.. links.Select(l => new ServiceLink(l.Key, l.Value))];
    }

    public static string Plain(string name)
    {
        var plain = new string([.. name.Where(char.IsAsciiLetterOrDigit).Select(char.ToLowerInvariant)]);
        return plain.Length > 7 && plain.EndsWith("service", StringComparison.Ordinal) ? plain[..^7] : plain;
    }

    [GeneratedRegex(@"\b(?<all>(?<name>[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*?)(?:_SERVICE)?_(?:ADDR(?:ESS)?|(?:BASE_|API_)?URL|HOST|ENDPOINT|URI))\b")]
    private static partial Regex Variable();

    [GeneratedRegex(@"\b(?:https?|grpc)://(?<name>[a-z][a-z0-9-]{2,40})(?=[:/'""`])")]
    private static partial Regex Host();
}
