namespace ProdSprint.Drills;

/// <summary>A tiny real application: v1 and v2 are good, v3 fails every third request once it has warmed up.</summary>
internal static class DrillApp
{
    public const string Name = "drill";

    private const string Server =
        """
        const http = require('http');
        const { failEvery } = require('./dist/settings.json');
        const life = require('crypto').randomUUID(); // a pid says little inside a sandbox
        let n = 0;
        const server = http.createServer((q, a) => {
          if (q.url === '/healthz') return a.end('ok');
          if (q.url === '/life') return a.end(life);
          if (q.url === '/die') return a.end('bye', () => process.exit(3));
          n++;
          if (failEvery && n > 100 && n % failEvery === 0) return a.writeHead(500).end('no');
          a.end('hello');
        });
        server.keepAliveTimeout = 65000;
        server.listen(process.env.PORT, '127.0.0.1');
        process.on('SIGTERM', () => { server.close(() => process.exit(0)); server.closeIdleConnections(); });
        """;

    /// <summary>Takes a second, so that a server can be killed in the middle of a build.</summary>
    private const string Build =
        """
        const fs = require('fs');
        fs.mkdirSync('dist', { recursive: true });
        setTimeout(() => fs.copyFileSync('settings.json', 'dist/settings.json'), 1000);
        """;

    private const string Manifest =
        """
        version: 1
        entry: drill
        warm: 1m
        services:
          drill:
            path: .
            health: /healthz
            memory: 256
        canary:
          - { weight: 20, minRequests: 100, minBake: 4s, maxBake: 100s }
          - { weight: 100, minRequests: 200, minBake: 1s, maxBake: 100s }
        """;

    /// <summary>Writes the sources of all versions below <paramref name="samples"/>, as folders that are laid over each other.</summary>
    public static void Write(string samples)
    {
        for (var v = 1; v <= 3; v++)
        {
            var folder = Path.Combine(samples, Name, $"v{v}");
            Directory.CreateDirectory(folder);
            File.WriteAllText(Path.Combine(folder, "settings.json"), $$"""{"version":{{v}},"failEvery":{{(v == 3 ? 3 : 0)}}}""");
        }
        var first = Path.Combine(samples, Name, "v1");
        File.WriteAllText(Path.Combine(first, "server.js"), Server);
        File.WriteAllText(Path.Combine(first, "build.js"), Build);
        File.WriteAllText(Path.Combine(first, "prodsprint.yml"), Manifest);
        File.WriteAllText(Path.Combine(first, "package.json"), """{"name":"drill","version":"1.0.0","private":true,"engines":{"node":">=20"},"scripts":{"build":"node build.js","start":"node server.js"}}""");
        File.WriteAllText(Path.Combine(first, "package-lock.json"), """{"name":"drill","version":"1.0.0","lockfileVersion":3,"requires":true,"packages":{"":{"name":"drill","version":"1.0.0","engines":{"node":">=20"}}}}""");
    }
}
