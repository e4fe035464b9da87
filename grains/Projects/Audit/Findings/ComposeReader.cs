using System.Collections.Immutable;

namespace ProdSprint.Projects;

/// <summary>Compose files: which containers there are, what they are built from, and who waits for whom.</summary>
public static class ComposeReader
{
    private static readonly string[] Names = ["compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml"];

    /// <summary>An alias makes a thousand containers of one line, and gives each of them the same thousand to wait for.</summary>
    private const int MostContainers = 500, MostItems = 200;

    /// <summary>Images of databases and queues, by the last part of their name.</summary>
    private static readonly (string Image, string Need)[] Stores =
    [
        ("postgres", "postgres"), ("postgis", "postgres"), ("timescaledb", "postgres"), ("pgvector", "postgres"), ("mysql", "mysql"), ("mariadb", "mysql"), ("mssql", "sqlserver"), ("azure-sql-edge", "sqlserver"), ("mongo", "mongodb"), ("redis", "redis"), ("valkey", "redis"), ("keydb", "redis"), ("dragonfly", "redis"),
        ("memcached", "memcached"), ("kafka", "kafka"), ("redpanda", "kafka"), ("rabbitmq", "rabbitmq"), ("nats", "nats"), ("elasticsearch", "elasticsearch"), ("opensearch", "elasticsearch"), ("minio", "s3"), ("localstack", "s3"), ("clickhouse", "clickhouse"), ("cassandra", "cassandra"), ("neo4j", "neo4j"),
    ];

    /// <summary>The first compose file of each folder, as compose itself picks it.</summary>
    public static ImmutableArray<ContainerAudit> Read(IReadOnlyList<ServiceDraft> drafts, AuditContext context)
    {
        var containers = new List<ContainerAudit>();
        foreach (var folder in Names.SelectMany(context.Files.Named).Select(f => TreePaths.DirectoryOf(f.Path)).Distinct().Order(StringComparer.Ordinal))
        {
            if (ServiceFolders.IsExample(folder)) continue;
            var path = TreePaths.Join(folder, Names.First(n => context.Files.Has(folder, n)));
            foreach (var field in Document(path, context)?["services"]?.Fields ?? [])
            {
                if (containers.Count == MostContainers)
                {
                    context.Gaps.Add(GapCodes.ComposeUnread, GapSeverity.Info, $"{path} has more than {MostContainers} containers", $"The first {MostContainers} were read.", $"Split {path}, or shorten it", new(path, field.Line));
                    return Sorted(containers);
                }
                containers.Add(Container(field, path, folder, drafts));
            }
        }
        return Sorted(containers);
    }

    private static ImmutableArray<ContainerAudit> Sorted(IEnumerable<ContainerAudit> containers) =>
        [.. containers.OrderBy(c => c.At.Path, StringComparer.Ordinal).ThenBy(c => c.Name, StringComparer.Ordinal)];

    private static YamlValue? Document(string path, AuditContext context)
    {
        if (context.Files.Manifest(path) is not { } text) return null;
        try { return YamlReader.Parse(text, aliases: true); }
        catch (YamlProblem e)
        {
            context.Gaps.Add(GapCodes.ComposeUnread, GapSeverity.Info, $"{path} cannot be read", $"Line {e.Line}, column {e.Column}: {e.Message}", $"Correct {path} at line {e.Line}", new(path, e.Line, e.Column));
            return null;
        }
    }

    private static ContainerAudit Container(YamlField field, string path, string folder, IReadOnlyList<ServiceDraft> drafts)
    {
        var value = field.Value;
        var context = value["build"] is { } build ? build.Text ?? build["context"]?.Text ?? "." : null;
        var directory = context is null ? null : TreePaths.Resolve(folder, context);
        var image = value["image"]?.Text;
        var need = image is null ? null : Need(image);
        var at = directory is null ? [] : drafts.Where(d => d.Directory == directory || TreePaths.IsBelow(d.Directory, directory)).ToList();
        var service = need is not null ? null : at.FirstOrDefault(d => ServiceLinks.Same(d.Name!, field.Name)) ?? at.FirstOrDefault(d => d.Directory == directory) ?? (at.Count == 1 ? at[0] : null) ?? drafts.FirstOrDefault(d => ServiceLinks.Same(d.Name!, field.Name));
        var waits = value["depends_on"] is { } on ? (on.Fields?.Select(f => f.Name) ?? on.Items?.Select(i => i.Text).OfType<string>() ?? []).Concat(value["links"]?.Items?.Select(i => i.Text?.Split(':')[0]).OfType<string>() ?? []) : value["links"]?.Items?.Select(i => i.Text?.Split(':')[0]).OfType<string>() ?? [];
        return new(field.Name, image is not null && image.Contains('@') && image.Contains("://", StringComparison.Ordinal) ? null : image, directory, Ports(value["ports"]), [.. waits.Take(MostItems).Distinct().Order(StringComparer.Ordinal)], service?.Name, need, new(path, field.Line));
    }

    private static string? Need(string image)
    {
        var name = image.Split('@')[0];
        name = name[(name.LastIndexOf('/') + 1)..].Split(':')[0];
        return Array.Find(Stores, s => name.StartsWith(s.Image, StringComparison.Ordinal) || name.EndsWith("-" + s.Image, StringComparison.Ordinal)).Need;
    }

    /// <summary>The container's side of "8080:80", "127.0.0.1:8080:80/tcp" or { target: 80 }.</summary>
    private static ImmutableArray<int> Ports(YamlValue? ports) =>
    [
        .. (ports?.Items ?? []).Take(MostItems).Select(p => p.Text?.Split(':')[^1].Split('/')[0] ?? p["target"]?.Text).Select(p => int.TryParse(p, out var number) && number is > 0 and < 65536 ? number : 0).Where(n => n > 0).Distinct().Order(),
    ];
}
