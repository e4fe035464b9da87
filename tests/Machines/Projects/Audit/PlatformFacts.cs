namespace ProdSprint.Tests.Projects;

internal static class PlatformFacts
{
    private const string Package = """{"scripts":{"start":"node a.js"}}""";

    public static AuditFact[] All { get; } =
    [
        new AuditFact("Procfile before the manifest", "node", Start: "node b.js").Of(("package.json", Package), ("a.js", ""), ("Procfile", "web: node b.js\n")),
        new AuditFact("railpack.json before the Procfile's rules", "node", Start: "node c.js").Of(("package.json", Package), ("a.js", ""), ("railpack.json", """{"deploy":{"startCommand":"node c.js"}}""")),
        new AuditFact("railpack.json's step that adds is not a replacement", "node", Build: "").Of(("package.json", Package), ("a.js", ""), ("railpack.json", """{"deploy":{"startCommand":"node c.js"},"steps":{"build":{"commands":["...","make"]}}}""")),
        new AuditFact("railpack.json alone", "shell", Start: "./run.sh").Of(("railpack.json", """{"deploy":{"startCommand":"./run.sh"}}"""), ("run.sh", "")),
        new AuditFact("nixpacks.toml", "node", Build: "make", Start: "node c.js").Of(("package.json", Package), ("a.js", ""), ("nixpacks.toml", "[phases.build]\ncmds = [\"make\"]\n[start]\ncmd = \"node c.js\"\n")),
        new AuditFact("nixpacks.json", "node", Build: "make", Start: "node c.js").Of(("package.json", Package), ("a.js", ""), ("nixpacks.json", """{"phases":{"install":{"cmds":["..."]},"build":{"cmds":["make"]}},"start":{"cmd":"node c.js"}}""")),
        new AuditFact("railway.toml", "node", Start: "node c.js").Of(("package.json", Package), ("a.js", ""), ("railway.toml", "[deploy]\nstartCommand = \"node c.js\"\n")),
        new AuditFact("a repository of nothing but examples", "rust", Start: "./bin/one", Path: "example/one").Of(("Cargo.toml", "[workspace]\nmembers = [\"example/*\"]\n"), ("Cargo.lock", ""), ("example/one/Cargo.toml", "[package]\nname = \"one\"\n"), ("example/one/src/main.rs", "")),
        new AuditFact("php before node", "php").Of(("composer.json", "{}"), ("index.php", ""), ("package.json", Package), ("a.js", "")),
        new AuditFact("crystal without targets", "crystal", Build: "crystal build --release -o shop src/shop.cr", Start: "./shop").Of(("shard.yml", "name: shop\nversion: 0.1.0\n"), ("src/shop.cr", "require \"http/server\"\nserver = HTTP::Server.new { |c| c.response.print 1 }\nserver.listen \"0.0.0.0\", 3000\n")),
        new AuditFact("crystal, a library", "crystal", Start: "").Of(("shard.yml", "name: lib\nversion: 0.1.0\n"), ("src/lib.cr", "module Lib\nend\n")),
        new AuditFact("cobol, its index first", "cobol", Build: "cobc -x -o index src/index.cbl", Start: "./index").Of(("src/a.cbl", ""), ("src/index.cbl", "")),
        new AuditFact("python before cobol", "python").Of(("main.py", ""), ("requirements.txt", ""), ("a.cbl", "")),
        new AuditFact("go before node", "go").Of(("go.mod", "module x\n"), ("main.go", "package main\nfunc main() {}\n"), ("package.json", Package), ("a.js", "")),
        new AuditFact("node before the site beside it", "node").Of(("package.json", Package), ("a.js", ""), ("index.html", "")),
    ];
}
