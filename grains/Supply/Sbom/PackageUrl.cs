namespace ProdSprint.Supply;

/// <summary>Package URLs (purl, ECMA-427): pkg:type/namespace/name@version, each part escaped, names in the case the type asks for.</summary>
public static class PackageUrl
{
    public static string Of(string ecosystem, string name, string version)
    {
        var (type, path) = ecosystem switch
        {
            "npm" => ("npm", name),
            "PyPI" => ("pypi", name.ToLowerInvariant().Replace('_', '-').Replace('.', '-')),
            "Go" => ("golang", name),
            "Maven" => ("maven", name.Replace(':', '/')),
            "NuGet" => ("nuget", name),
            "RubyGems" => ("gem", name),
            "Packagist" => ("composer", name.ToLowerInvariant()),
            "crates.io" => ("cargo", name),
            "Hex" => ("hex", name.ToLowerInvariant()),
            "Pub" => ("pub", name),
            // a group of the artifact's own name is left out, as people leave it out
            "Clojars" => ("clojars", name.Split(':') is [var group, var artifact] && group == artifact ? artifact : name.Replace(':', '/')),
            "Hackage" => ("hackage", name),
            "ConanCenter" => ("conan", name),
            "GitHub Actions" or "GitHub" => ("github", name),
            "SwiftURL" => ("swift", name),
            _ => ("generic", name),
        };
        return $"pkg:{type}/{string.Join('/', path.Split('/').Select(Escape))}@{Escape(version)}";
    }

    private static string Escape(string part) => Uri.EscapeDataString(part).Replace("%3A", ":", StringComparison.Ordinal);
}
