namespace ProdSprint.Projects;

/// <summary>Licences by the words that only they have, and by what a manifest declares.</summary>
public static class LicenceFinder
{
    /// <summary>The first whose phrases are all in the text; the particular before the general. Line breaks do not count.</summary>
    private static readonly (string Id, string[] Phrases)[] Texts =
    [
        ("AGPL-3.0", ["GNU AFFERO GENERAL PUBLIC LICENSE", "Version 3"]), ("LGPL-3.0", ["GNU LESSER GENERAL PUBLIC LICENSE", "Version 3"]), ("LGPL-2.1", ["GNU LESSER GENERAL PUBLIC LICENSE", "Version 2.1"]),
        ("GPL-3.0", ["GNU GENERAL PUBLIC LICENSE", "Version 3"]), ("GPL-2.0", ["GNU GENERAL PUBLIC LICENSE", "Version 2"]), ("MPL-2.0", ["Mozilla Public License Version 2.0"]), ("EPL-2.0", ["Eclipse Public License - v 2.0"]), ("Apache-2.0", ["Apache License", "Version 2.0"]),
        ("BSL-1.1", ["Business Source License 1.1"]), ("SSPL-1.0", ["Server Side Public License"]), ("Elastic-2.0", ["Elastic License 2.0"]), ("BSD-3-Clause", ["Redistribution and use in source and binary forms", "Neither the name"]), ("BSD-2-Clause", ["Redistribution and use in source and binary forms"]),
        ("MIT-0", ["MIT No Attribution"]), ("MIT", ["Permission is hereby granted, free of charge", "The above copyright notice and this permission notice"]), ("ISC", ["Permission to use, copy, modify, and/or distribute this software", "IN NO EVENT"]), ("0BSD", ["Permission to use, copy, modify, and/or distribute this software"]),
        ("Unlicense", ["This is free and unencumbered software released into the public domain"]), ("CC0-1.0", ["CC0 1.0 Universal"]), ("CC-BY-SA-4.0", ["Attribution-ShareAlike 4.0"]), ("CC-BY-4.0", ["Attribution 4.0 International"]), ("BSL-1.0", ["Boost Software License"]), ("Zlib", ["This software is provided 'as-is', without any express or implied"]), ("WTFPL", ["DO WHAT THE FUCK YOU WANT"]),
    ];

    public static IEnumerable<FoundFile> Find(AuditContext context)
    {
        foreach (var file in context.Files.All)
        {
            var name = TreePaths.NameOf(file.Path).ToUpperInvariant();
            if (name.StartsWith("LICENSE", StringComparison.Ordinal) || name.StartsWith("LICENCE", StringComparison.Ordinal) || name.StartsWith("COPYING", StringComparison.Ordinal) || name is "UNLICENSE")
            {
                if (TreePaths.ExtensionOf(file.Path) is "" or ".md" or ".txt" or ".rst" or ".mit" or ".apache" || name.Contains('-')) yield return new(Of(context.Files.Beginning(file.Path, 32 << 10)), file.Path);
            }
            else if (Declared(file.Path, context) is { } declared) yield return new(declared, file.Path);
        }
    }

    private static string Of(string? text)
    {
        if (text is null) return "unknown";
        var flat = string.Join(' ', text.Split([' ', '\n', '\r', '\t'], StringSplitOptions.RemoveEmptyEntries));
        return Array.Find(Texts, t => t.Phrases.All(p => flat.Contains(p, StringComparison.OrdinalIgnoreCase))).Id ?? "unknown";
    }

    private static string? Declared(string path, AuditContext context) => TreePaths.NameOf(path) switch
    {
        "package.json" => context.Manifests.Json(path)?.Text("license") is { Length: > 0 and < 80 } id && id != "UNLICENSED" ? id : null,
        "composer.json" => context.Manifests.Json(path)?.Text("license"),
        "Cargo.toml" => context.Manifests.Toml(path)?.Table("package")?.Text("license"),
        "pyproject.toml" => context.Manifests.Toml(path) is { } toml ? toml.Table("project")?.Text("license") ?? toml.Table("project", "license")?.Text("text") ?? toml.Table("tool", "poetry")?.Text("license") : null,
        _ => null,
    };
}
