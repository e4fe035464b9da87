namespace ProdSprint.Projects;

public sealed class GitOptions
{
    /// <summary>A first clone of a large repository over a slow line; beyond that something hangs.</summary>
    public TimeSpan TransferTimeout { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Commands that only look at the mirror.</summary>
    public TimeSpan LookTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>A mirror larger than this is given up: the disk belongs to the running applications too.</summary>
    public long MaxMirrorBytes { get; set; } = 4L << 30;

    /// <summary>All files of one exported commit.</summary>
    public long MaxExportBytes { get; set; } = 4L << 30;
}
