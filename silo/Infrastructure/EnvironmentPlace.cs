using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace ProdSprint.Infrastructure;

/// <summary>Where an environment's directories and its secret lie: <c>ROOT/environments/WORKSPACE/PROJECT/ENVIRONMENT</c>.</summary>
public sealed class EnvironmentPlace
{
    private const UnixFileMode Folder = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, SecretFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public EnvironmentPlace(string root, EnvironmentKey key)
    {
        foreach (var part in (string[])[key.Workspace, key.Project, key.Environment])
            if (part.Length == 0 || part is "." or ".." || part.AsSpan().ContainsAny('/', '\0')) throw new InfrastructureException($"'{part}' is no name of a directory.", "report this as a defect of ProdSprint");
        Key = key;
        Directory = Path.Combine(root, "environments", key.Workspace, key.Project, key.Environment);
        Work = Path.Combine(root, "work", key.Workspace, key.Project, key.Environment);
        Log = Path.Combine(root, "log", key.Workspace, key.Project, key.Environment + ".log");
        DatabaseName = LocalConfiguration.DatabaseName(key.Workspace, key.Project, key.Environment);
    }

    public EnvironmentKey Key { get; }

    public string Directory { get; }

    /// <summary>Where Terraform runs.</summary>
    public string Work { get; }

    public string Log { get; }

    public string DatabaseName { get; }

    public bool HasSecret => File.Exists(Secret(LocalConfiguration.DatabasePassword));

    /// <param name="owner">Reaches the same PostgreSQL as another role.</param>
    public string ConnectionString(string owner)
    {
        var there = new NpgsqlConnectionStringBuilder(owner);
        return new NpgsqlConnectionStringBuilder { Host = there.Host, Port = there.Port, SslMode = there.SslMode, Username = DatabaseName, Password = ReadSecret(LocalConfiguration.DatabasePassword), Database = DatabaseName, Pooling = false }.ConnectionString;
    }

    /// <summary>As libraries of every language take it.</summary>
    public string DatabaseUrl(string owner)
    {
        var there = new NpgsqlConnectionStringBuilder(owner);
        var (host, socket) = there.Host!.StartsWith('/') ? ("localhost", $"?host={Uri.EscapeDataString(there.Host)}") : (there.Host, "");
        return $"postgresql://{DatabaseName}:{ReadSecret(LocalConfiguration.DatabasePassword)}@{host}:{there.Port}/{DatabaseName}{socket}";
    }

    public string EnsureDirectory(string name)
    {
        var path = Known(name);
        System.IO.Directory.CreateDirectory(path, Folder);
        File.SetUnixFileMode(Directory, Folder);
        File.SetUnixFileMode(path, Folder);
        return $"directory {name} is there";
    }

    public string RemoveDirectory(string name)
    {
        var path = Known(name);
        if (System.IO.Directory.Exists(path)) System.IO.Directory.Delete(path, recursive: true);
        return $"directory {name} is gone, with all that was in it";
    }

    public string? DirectoryProblem(string name)
    {
        var path = Known(name);
        return !System.IO.Directory.Exists(path) ? $"the directory {name} is not there"
            : File.GetUnixFileMode(path) != Folder ? $"the directory {name} can be read by others" : null;
    }

    public string EnsureSecret(string name)
    {
        var path = Secret(name);
        if (SecretProblem(name) is null) return $"secret {name} is there";
        if (File.Exists(path) && new FileInfo(path) is { Length: > 0, LinkTarget: null })
        {
            File.SetUnixFileMode(path, SecretFile);
            return $"secret {name} is for the server alone again";
        }
        System.IO.Directory.CreateDirectory(Path.GetDirectoryName(path)!, Folder);
        var making = $"{path}~";
        File.Delete(making);
        try
        {
            using (var file = new FileStream(making, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = SecretFile }))
            {
                file.Write(Encoding.ASCII.GetBytes(RandomNumberGenerator.GetHexString(48, lowercase: true)));
                file.Flush(flushToDisk: true);
            }
            File.Move(making, path, overwrite: true);
        }
        finally
        {
            File.Delete(making);
        }
        return $"secret {name} made";
    }

    public string RemoveSecret(string name)
    {
        // Terraform, killed after it removed the directory and before it kept that, asks again.
        if (File.Exists(Secret(name))) File.Delete(Secret(name));
        return $"secret {name} is gone";
    }

    public string? SecretProblem(string name)
    {
        var file = new FileInfo(Secret(name));
        return !file.Exists || file.Length == 0 || file.LinkTarget is not null ? $"the secret {name} is not there"
            : file.UnixFileMode != SecretFile ? $"the secret {name} can be read by others" : null;
    }

    public string ReadSecret(string name)
    {
        try
        {
            return File.ReadAllText(Secret(name)).Trim();
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InfrastructureException($"The secret {name} of {Key} is not there.", "put it back: prodsprint infrastructure drift --reapply");
        }
    }

    private string Known(string name) => LocalConfiguration.Directories.Contains(name) ? Path.Combine(Directory, name)
        : throw new InfrastructureException($"'{name}' is no directory of {Key}.", "plan anew: prodsprint infrastructure plan");

    private string Secret(string name) => name == LocalConfiguration.DatabasePassword ? Path.Combine(Directory, "secrets", name)
        : throw new InfrastructureException($"'{name}' is no secret of {Key}.", "plan anew: prodsprint infrastructure plan");
}
