using ProdSprint.Projects;

namespace ProdSprint.Tests.Projects;

/// <summary>A version that listens where nobody looks would be waited for in vain: the port is found, or nothing is claimed.</summary>
public sealed class ListeningPortsTests
{
    [Theory]
    [InlineData("rust", "let l = tokio::net::TcpListener::bind(\"0.0.0.0:3100\").await?;", 3100)]
    [InlineData("rust", "HttpServer::new(|| App::new()).bind((\"127.0.0.1\", 8080))?.run().await", 8080)]
    [InlineData("rust", "warp::serve(hello).run(([0, 0, 0, 0], 3030)).await;", 3030)]
    [InlineData("rust", "TcpListener::bind(format!(\"0.0.0.0:{}\", port))", null)]
    [InlineData("java", "embeddedServer(Netty, port = 8088, host = \"0.0.0.0\") {", 8088)]
    [InlineData("java", "Javalin.create().get(\"/\", ctx -> ctx.result(\"hi\")).start(7070);", 7070)]
    [InlineData("java", "HttpServer.create(new InetSocketAddress(9090), 0)", 9090)]
    [InlineData("java", "thread.start(); pool.start(12);", null)]
    [InlineData("clojure", "(run-server app {:port 8090})", 8090)]
    [InlineData("clojure", "(def db {:dbtype \"postgres\" :port 5432})", null)]
    [InlineData("gleam", "|> mist.port(8000)", 8000)]
    [InlineData("elixir", "children = [{Bandit, plug: App.Router, port: 4001}]", 4001)]
    [InlineData("elixir", "config :app, App.Repo, port: 5432", null)]
    [InlineData("crystal", "server.bind_tcp \"0.0.0.0\", 8081", 8081)]
    [InlineData("dart", "final server = await HttpServer.bind(InternetAddress.anyIPv4, 8085);", 8085)]
    [InlineData("haskell", "main = run 8081 app", 8081)]
    [InlineData("zig", "const addr = try std.net.Address.parseIp(\"0.0.0.0\", 9000);", 9000)]
    [InlineData("cpp", "app.port(18080).multithreaded().run();", 18080)]
    [InlineData("cpp", "svr.listen(\"0.0.0.0\", 8080);", 8080)]
    public void Find_CallThatListens_IsItsPort(string language, string text, int? port) => (SourcePatterns.FixedPort(text, language)?.Number).ShouldBe(port);

    [Fact]
    public void Plan_RustThatListensOnOnePort_IsToldSo()
    {
        var report = Auditor.Run(MemoryTree.Of([("Cargo.toml", "[package]\nname = \"api\"\nversion = \"1.0.0\"\n[dependencies]\naxum = \"0.8\"\n"), ("src/main.rs", "fn main() { let l = TcpListener::bind(\"0.0.0.0:3100\"); }")]));
        var port = report.Services.Single().Port!;
        (port.Number, port.Variable).ShouldBe((3100, null));
    }
}
