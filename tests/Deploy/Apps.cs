namespace ProdSprint.Tests.Deploy;

/// <summary>Small real applications.</summary>
public static class Apps
{
    /// <summary>Answers "hello VERSION" and its pid; some paths make it misbehave.</summary>
    public const string Server =
        """
        const http = require('http'), fs = require('fs');
        let healthy = true;
        http.createServer((q, a) => {
          if (q.url === '/health') return a.writeHead(healthy ? 200 : 500).end('ok');
          if (q.url === '/pid') return a.end(String(process.pid));
          if (q.url === '/env') return a.end(JSON.stringify(process.env));
          if (q.url === '/die') { console.log('dying now'); process.exit(3); }
          if (q.url === '/sicken') { healthy = false; return a.end(); }
          if (q.url === '/hang') { a.end('hanging'); return setImmediate(() => { for (;;); }); }
          if (q.url === '/fail') return a.writeHead(500).end('no');
          if (q.url === '/write') { fs.writeFileSync('server.js', '// gone'); return a.end('written'); }
          a.end('hello ' + process.env.PRODSPRINT_VERSION);
        }).listen(process.env.PORT, '127.0.0.1', () => console.log('listening on ' + process.env.PORT));
        process.on('SIGTERM', () => { console.log('terminated'); process.exit(0); });
        """;

    public const string Stubborn =
        """
        require('http').createServer((q, a) => a.end('ok')).listen(process.env.PORT, '127.0.0.1');
        process.on('SIGTERM', () => console.log('not me'));
        """;
}
