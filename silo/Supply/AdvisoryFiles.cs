using System.IO.Compression;
using System.Text;
using System.Text.Json;

namespace ProdSprint.Supply;

/// <summary>Advisories in OSV's format from a folder, a zip as OSV exports them, or one file. Only those about wanted packages are kept, so a database of a million stays small.</summary>
public static class AdvisoryFiles
{
    /// <summary>The largest advisory OSV has is under 2 MiB; a longer entry is no advisory, whatever its header says.</summary>
    private const int Largest = 8 << 20;

    /// <param name="wanted">Keys of <see cref="Findings.Key"/>.</param>
    /// <returns>The advisories by package; how many were read; how many files were no advisory.</returns>
    /// <exception cref="IOException">The path is not there, or the zip is broken.</exception>
    public static (ILookup<string, Advisory> About, int Read, int Broken) Load(string path, IReadOnlySet<string> wanted, CancellationToken cancellation)
    {
        var (found, read, broken) = (new List<(string Key, Advisory Advisory)>(), 0, 0);
        foreach (var json in Texts(path))
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                var advisory = Advisory.Read(json ?? throw new JsonException("too large"));
                read++;
                foreach (var key in advisory.Affected.Where(a => a.Package is not null).Select(a => Findings.Key(a.Package!.Ecosystem, a.Package.Name)).Distinct())
                    if (wanted.Contains(key)) found.Add((key, advisory));
            }
            catch (JsonException)
            {
                broken++;
            }
        }
        return (found.ToLookup(f => f.Key, f => f.Advisory, StringComparer.Ordinal), read, broken);
    }

    /// <summary>Every JSON text below a path; null in place of one that is too long to be an advisory.</summary>
    /// <exception cref="IOException">The path is not there, or the zip is broken.</exception>
    public static IEnumerable<string?> Texts(string path)
    {
        if (Directory.Exists(path))
        {
            foreach (var file in Directory.EnumerateFiles(path, "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
                using (var stream = File.OpenRead(file)) yield return Text(stream);
            yield break;
        }
        if (!File.Exists(path)) throw new FileNotFoundException($"There is nothing at {path}.");
        if (!path.EndsWith(".zip", StringComparison.OrdinalIgnoreCase))
        {
            using var stream = File.OpenRead(path);
            yield return Text(stream);
            yield break;
        }
        using var zip = Open(path);
        foreach (var entry in zip.Entries.Where(e => e.Name.EndsWith(".json", StringComparison.Ordinal)))
            using (var stream = entry.Open()) yield return Text(stream);
    }

    private static ZipArchive Open(string path)
    {
        try
        {
            return ZipFile.OpenRead(path);
        }
        catch (InvalidDataException e)
        {
            throw new IOException($"{path} is no zip file: {e.Message}", e);
        }
    }

    /// <summary>Null when it is longer than anything that is read: what a header says of its length is not believed.</summary>
    private static string? Text(Stream stream)
    {
        var buffer = new byte[64 << 10];
        using var text = new MemoryStream();
        for (int read; (read = stream.Read(buffer)) > 0;)
        {
            if (text.Length + read > Largest) return null;
            text.Write(buffer, 0, read);
        }
        return Encoding.UTF8.GetString(text.GetBuffer(), 0, (int)text.Length);
    }
}
