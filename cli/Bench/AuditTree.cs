using System.Diagnostics;
using System.Text;

namespace ProdSprint.Bench;

/// <summary>The repositories that the audit's bench reads: made here, the same each time.</summary>
internal static class AuditTree
{
    private static readonly string Source = "const limit = process.env.LIMIT || '10';\nconst orders = process.env.ORDERS_URL ?? 'http://orders:8080/';\n"
        + string.Concat(Enumerable.Range(0, 60).Select(i => $"export function handler{i}(request) {{\n  const found = request.items.filter(item => item.id === {i} && item.count < limit);\n  return fetch(orders + found.length);\n}}\n"));

    /// <summary>Ten services of a workspace, with sources of about 9 kB each.</summary>
    public static void Many(string root, int files)
    {
        Write(root, "package.json", """{"private":true,"workspaces":["services/*"]}""");
        Write(root, "package-lock.json", "{}");
        for (var s = 0; s < 10; s++)
        {
            Write(root, $"services/s{s}/package.json", $$$"""{"name":"s{{{s}}}","scripts":{"start":"node src/0/{{{s}}}.js"},"dependencies":{"express":"5","pg":"8"}}""");
            for (var i = s; i < files - 12; i += 10) Write(root, $"services/s{s}/src/{i / 500}/{i}.js", i < 10 ? Source + "app.listen(process.env.PORT || 3000)\n" : Source);
        }
    }

    /// <summary>A program, a tenth of the size in sources and lock-file-like text, the rest in files of up to 64 MiB.</summary>
    public static void Large(string root, int mib)
    {
        Write(root, "package.json", """{"scripts":{"start":"node src/0.js"},"dependencies":{"express":"5"}}""");
        Write(root, "src/0.js", "app.listen(process.env.PORT)\n");
        var text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(Source, (1 << 20) / Source.Length + 1)))[..(1 << 20)];
        for (var i = 1; i <= mib / 10; i++) Bytes(root, $"src/{i % 20}/{i}.js", text, 1);
        // random, so that git cannot make a small repository of it
        var data = new byte[1 << 20];
        new Random(1).NextBytes(data);
        for (var left = mib - mib / 10; left > 0; left -= 64) Bytes(root, $"data/{left}.bin", data, Math.Min(64, left));
    }

    public static async Task CommitAsync(string root, CancellationToken cancellation)
    {
        foreach (var arguments in (string[][])[["init", "-q"], ["-c", "core.compression=0", "add", "-A"], ["-c", "user.name=bench", "-c", "user.email=bench@example.invalid", "-c", "gc.auto=0", "commit", "-qm", "All of it"]])
        {
            using var git = Process.Start(new ProcessStartInfo("git", ["-C", root, .. arguments]))!;
            await git.WaitForExitAsync(cancellation);
            if (git.ExitCode != 0) throw new InvalidOperationException($"git {arguments[^1]} ended with {git.ExitCode}.");
        }
    }

    private static void Write(string root, string path, string text) => Bytes(root, path, Encoding.UTF8.GetBytes(text), 1);

    private static void Bytes(string root, string path, byte[] bytes, int times)
    {
        var full = Path.Combine(root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        using var file = File.Create(full);
        for (var i = 0; i < times; i++)
        {
            file.Write(bytes);
        }
    }
}
