namespace ProdSprint.Projects;

/// <summary>The stable codes of gaps. A code is never reused for something else.</summary>
public static class GapCodes
{
    public const string ServiceNone = "service.none";
    public const string ServiceSkipped = "service.skipped";
    public const string ManifestBroken = "manifest.broken";
    public const string ManifestBinary = "manifest.binary";
    public const string ManifestTooLarge = "manifest.too-large";
    public const string ConfigurationInvalid = "configuration.invalid";
    public const string SymlinkEscape = "symlink.escape";
    public const string PathInvalid = "path.invalid";
    public const string TreeTooLarge = "tree.too-large";
    public const string SubmoduleIgnored = "submodule.ignored";
    public const string StartMissing = "start.missing";
    public const string StartDevelopment = "start.development-server";
    public const string PortFixed = "port.fixed";
    public const string LockfileMissing = "lockfile.missing";
    public const string LockfileSeveral = "lockfile.several";
    public const string VersionUnpinned = "version.unpinned";
    public const string TestsMissing = "tests.missing";
    public const string HealthMissing = "health.missing";
    public const string DockerfileOnly = "dockerfile.only";
    public const string DockerfileRoot = "dockerfile.runs-as-root";
    public const string DockerfileLatest = "dockerfile.floating-tag";
    public const string SecretFile = "secret.file-committed";
    public const string SecretInTree = "secret.in-tree";
    public const string SecretInHistory = "secret.in-history";
    public const string DockerfileAddRemote = "dockerfile.add-remote";
    public const string DockerfileSecret = "dockerfile.secret";
    public const string DockerfileNoIgnore = "dockerfile.no-dockerignore";
    public const string DockerfileShellForm = "dockerfile.shell-form";
    public const string DockerfileCache = "dockerfile.cache-order";
    public const string DockerfilePipeToShell = "dockerfile.pipe-to-shell";
    public const string ComposeUnread = "compose.unread";
    public const string CiMissing = "ci.missing";
    public const string LicenceMissing = "licence.missing";
    public const string LockfileStale = "lockfile.stale";
    public const string LockfileUnread = "lockfile.unread";
    public const string ProcessUnplanned = "process.not-planned";
    public const string MigrationManual = "migration.manual";
    public const string OutputMissing = "output.unknown";
}
