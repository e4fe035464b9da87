using System.Reflection;

namespace ProdSprint.Plans.Blueprints.Infrastructure;

/// <summary>The modules as they lie beside this file: the same for every project, so that a team reads them once.</summary>
internal static class TerraformModules
{
    private const string Mark = "/modules/";

    /// <param name="platform">The folder beside this file: aws.</param>
    /// <param name="wanted">Names of modules; what they use themselves comes with them.</param>
    public static IEnumerable<(string Path, string Text)> Read(string platform, IReadOnlySet<string> wanted)
    {
        var assembly = typeof(TerraformModules).Assembly;
        foreach (var name in assembly.GetManifestResourceNames().Order(StringComparer.Ordinal))
        {
            if (!name.StartsWith($"terraform/{platform}{Mark}", StringComparison.Ordinal)) continue;
            var path = name[(name.IndexOf(Mark, StringComparison.Ordinal) + Mark.Length)..];
            if (wanted.Contains(path[..path.IndexOf('/')])) yield return ($"modules/{path}", Text(assembly, name));
        }
    }

    private static string Text(Assembly assembly, string name)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd().Replace("\r\n", "\n", StringComparison.Ordinal);
    }
}
