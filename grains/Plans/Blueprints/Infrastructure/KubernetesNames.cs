namespace ProdSprint.Plans.Blueprints.Infrastructure;

/// <summary>Names as Kubernetes takes them everywhere: RFC 1035 labels.</summary>
internal static class KubernetesNames
{
    /// <summary>Room for what is added to it: a label has 63 characters at most, and pods add a hash and a suffix.</summary>
    private const int Longest = 40;

    public static string Label(string name)
    {
        var label = string.Concat(name.ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-')).Trim('-');
        if (label.Length == 0 || !char.IsAsciiLetterLower(label[0])) label = $"s-{label}".TrimEnd('-');
        return label[..Math.Min(label.Length, Longest)].TrimEnd('-');
    }
}
