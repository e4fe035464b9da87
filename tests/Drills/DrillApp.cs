namespace ProdSprint.Drills;

/// <summary>
/// A tiny real application: v1 and v2 are good, v3 fails every third request once it has warmed up, v4 is well by its health check and fails everything else,
/// and the build of v5 writes more than a small disk holds. A running one misbehaves when it is asked to.
/// </summary>
internal static class DrillApp
{
    public const string Name = "drill";

    /// <summary>The same application with few and short steps, for a release that is to be seen to its very end: the version before stays warm for seconds only.</summary>
    public const string Brief = "brief";

    /// <summary>The same application with half a minute in the canary's first step, for what has to be done while it is there: a busy machine may take its time.</summary>
    public const string Patient = "patient";

    private const string Server =
        """
        const http = require('http');
        const { failEvery, failAfter, witness } = require('./dist/settings.json');
        let sick = false;
        const life = require('crypto').randomUUID(); // a pid says little inside a sandbox
        let n = 0;
        // A megabyte at a time, and visitors in between: an application that only writes is one that hangs.
        // Made once: garbage of this size would run into the memory limit, which is not what is tried here.
        const megabyte = Buffer.from(('x'.repeat(9999) + '\n').repeat(100));
        const flood = (megabytes, done) => megabytes === 0 ? done() : (process.stdout.write(megabyte), setImmediate(flood, megabytes - 1, done));
        const server = http.createServer((q, a) => {
          if (q.url === '/healthz') return a.end('ok');
          if (q.url === '/life') return a.end(life);
          if (q.url === '/die') return a.end('bye', () => process.exit(3));
          if (q.url === '/hang') return a.end('bye', () => { for (;;); });
          if (q.url === '/sick') return sick = true, a.end('ok');
          if (q.url === '/stubborn') return process.removeAllListeners('SIGTERM'), process.on('SIGTERM', () => {}), a.end('ok');
          if (q.url === '/flood') return flood(40, () => a.end('ok'));
          if (sick) return a.writeHead(500).end('no');
          n++;
          if (failEvery && n > failAfter && n % failEvery === 0) return a.writeHead(500).end('no');
          a.end('hello');
        });
        server.keepAliveTimeout = 65000;
        const here = `${witness}start/${process.env.PRODSPRINT_ENVIRONMENT}/${process.env.PRODSPRINT_VERSION}`;
        fetch(here).catch(() => {}).then(() => server.listen(process.env.PORT, '127.0.0.1'));
        process.on('SIGTERM', () => { server.close(() => process.exit(0)); server.closeIdleConnections(); });
        """;

    /// <summary>Takes a second, so that a server can be killed in the middle of a build.</summary>
    private const string Build =
        """
        const fs = require('fs');
        const { version, witness, fillMiB } = require('./settings.json');
        fs.mkdirSync('dist', { recursive: true });
        fs.writeFileSync('dist/filling', Buffer.alloc(fillMiB << 20));
        fetch(`${witness}build/v${version}`).catch(() => {}).then(() => setTimeout(() => fs.copyFileSync('settings.json', 'dist/settings.json'), 1000));
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
    /// <param name="witness">Who is told when a build or a process begins.</param>
    public static void Write(string samples, Uri witness)
    {
        Write(samples, Name, Manifest, witness);
        Write(samples, Patient, Manifest.Replace("minBake: 4s", "minBake: 30s"), witness);
        Write(samples, Brief, Manifest.Replace("warm: 1m", "warm: 2s").Replace("minRequests: 100, minBake: 4s", "minRequests: 60, minBake: 1s").Replace("minRequests: 200", "minRequests: 60"), witness);
    }

    private static void Write(string samples, string name, string manifest, Uri witness)
    {
        for (var v = 1; v <= 5; v++)
        {
            var folder = Path.Combine(samples, name, $"v{v}");
            Directory.CreateDirectory(folder);
            File.WriteAllText(Path.Combine(folder, "settings.json"),
                $$"""{"version":{{v}},"failEvery":{{(v == 3 ? 3 : v == 4 ? 1 : 0)}},"failAfter":{{(v == 4 ? 0 : 100)}},"fillMiB":{{(v == 5 ? 64 : 0)}},"witness":"{{witness}}"}""");
        }
        var first = Path.Combine(samples, name, "v1");
        File.WriteAllText(Path.Combine(first, "server.js"), Server);
        File.WriteAllText(Path.Combine(first, "build.js"), Build);
        File.WriteAllText(Path.Combine(first, "prodsprint.yml"), manifest);
        File.WriteAllText(Path.Combine(first, "package.json"), """{"name":"drill","version":"1.0.0","private":true,"engines":{"node":">=20"},"scripts":{"build":"node build.js","start":"node server.js"}}""");
        File.WriteAllText(Path.Combine(first, "package-lock.json"), """{"name":"drill","version":"1.0.0","lockfileVersion":3,"requires":true,"packages":{"":{"name":"drill","version":"1.0.0","engines":{"node":">=20"}}}}""");
    }
}
