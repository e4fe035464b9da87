using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace ProdSprint.Traffic;

/// <summary>
/// The last orders of each environment, one file each: written beside, flushed to the disk, renamed over. A router that comes back serves from them
/// before any server is there. A torn or foreign file is set aside and reported, never guessed at.
/// </summary>
internal sealed class OrdersStore(string directory)
{
    public sealed record Kept(EnvironmentRoutes Routes, int? Port);

    public async Task WriteAsync(EnvironmentRoutes routes, int? port, CancellationToken cancellation)
    {
        var path = PathOf(routes.Workspace, routes.Project, routes.Environment);
        var draft = $"{path}.{Guid.NewGuid():N}.tmp";
        await using (var file = new FileStream(draft, FileMode.CreateNew, FileAccess.Write, FileShare.None, 4096, FileOptions.Asynchronous))
        {
            await JsonSerializer.SerializeAsync(file, new Kept(routes, port), ControlJson.Options, cancellation);
            file.Flush(flushToDisk: true);
        }
        File.Move(draft, path, overwrite: true);
        FlushDirectory();
    }

    public void Remove(string workspace, string project, string environment)
    {
        File.Delete(PathOf(workspace, project, environment));
        FlushDirectory();
    }

    public IReadOnlyList<Kept> ReadAll(Action<string, Exception> onBroken)
    {
        Directory.CreateDirectory(directory);
        foreach (var draft in Directory.EnumerateFiles(directory, "*.tmp")) File.Delete(draft);
        var all = new List<Kept>();
        foreach (var path in Directory.EnumerateFiles(directory, "*.json"))
        {
            try
            {
                var kept = JsonSerializer.Deserialize<Kept>(File.ReadAllBytes(path), ControlJson.Options) ?? throw new JsonException("the file is empty");
                if (OrdersValidation.Problems(kept.Routes) is { } problems) throw new JsonException(problems);
                all.Add(kept);
            }
            catch (Exception e) when (e is JsonException or NullReferenceException or NotSupportedException)
            {
                onBroken(path, e);
                File.Move(path, path + ".broken", overwrite: true);
            }
        }
        return all;
    }

    private string PathOf(string workspace, string project, string environment) =>
        Path.Combine(directory, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{workspace}\n{project}\n{environment}")))[..32] + ".json");

    /// <summary>A rename is on the disk only once its directory is.</summary>
    private void FlushDirectory() => Posix.FlushDirectory(directory);
}
