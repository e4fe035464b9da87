using System.Diagnostics;

namespace ProdSprint.Drills;

/// <summary>An installation whose artifacts and running copies lie on a file system of their own, of 48 MiB.</summary>
public sealed class SmallDisk : Installation
{
    private readonly string _disk = Path.Combine(Path.GetTempPath(), "prodsprint-disk-" + Guid.NewGuid().ToString("N")[..10]);

    /// <summary>Null: it could be mounted.</summary>
    public string? Missing { get; private set; }

    public override string DeployRoot => Path.Combine(_disk, "deploy");

    /// <summary>Nothing is kept free, so that the kernel says it and not ProdSprint's own precaution.</summary>
    protected override IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string> { ["Deploy__MinFreeDiskMiB"] = "0" };

    public override async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(_disk);
        if (await RunAsync("mount", "-t", "tmpfs", "-o", "size=48m", "tmpfs", _disk) is { } error) Missing = $"A small file system cannot be mounted here: {error}";
        else await base.InitializeAsync();
    }

    /// <summary>Takes all that is left but this much.</summary>
    public void Fill(long leaveBytes)
    {
        using var filler = File.Create(Path.Combine(_disk, "filler"));
        var left = new DriveInfo(_disk).AvailableFreeSpace - leaveBytes;
        for (var block = new byte[1 << 16]; left > 0; left -= block.Length) filler.Write(block, 0, (int)Math.Min(block.Length, left));
    }

    public void Free() => File.Delete(Path.Combine(_disk, "filler"));

    public override async ValueTask DisposeAsync()
    {
        if (Missing is null)
        {
            await base.DisposeAsync();
            await RunAsync("umount", _disk);
        }
        Directory.Delete(_disk);
    }

    private static async Task<string?> RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? null : error.Trim();
    }
}

/// <summary>The disk is really full: writes fail with ENOSPC.</summary>
public sealed class DiskFullTests(SmallDisk place) : IClassFixture<SmallDisk>
{
    [Fact]
    public async Task FullInTheBuildAndBeforeTheCheckout_ReleaseSaysSo_StableServes_ReleasesWorkAgainOnceThereIsSpace()
    {
        if (place.Missing is { } missing) Assert.Skip(missing);
        await using var project = await DrillProject.WithVisitorsAsync(place);

        // v5 writes 64 MiB in its build.
        await FailsForSpaceAsync(project, "v5");
        // Not even the checkout fits.
        place.Fill(leaveBytes: 8 << 10);
        await FailsForSpaceAsync(project, "v2");

        place.Free();
        var release = await project.ReleaseAsync("v2");
        await project.PromotedAsync(release);
        await project.UnharmedAsync("v2");
    }

    private async Task FailsForSpaceAsync(DrillProject project, string version)
    {
        var ended = await project.EndedAsync(await project.ReleaseAsync(version));
        ended["outcome"]!.ToString().ShouldBe("failed", ended.ToJsonString());
        var message = ended["message"]!.ToString();
        message.ShouldContain("disk is full", Case.Insensitive);
        message.ShouldContain("Free some space, then retry");
        // Nothing of it stays: neither a half-made artifact nor its work.
        Directory.GetDirectories(Path.Combine(place.DeployRoot, "artifacts")).ShouldAllBe(a => File.Exists(Path.Combine(a, "manifest.json")));
        (await project.AnsweringAsync(20)).ShouldBe(["v1"]);
    }
}
