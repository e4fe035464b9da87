namespace ProdSprint.Tests.Projects;

internal static class CompiledFacts
{
    private const string Mix = "export MIX_ENV=prod && mix local.hex --force && mix local.rebar --force && mix deps.get --only prod && mix deps.compile";
    private const string Main = "package main\n\nfunc main() {}\n";

    public static AuditFact[] All { get; } =
    [
        new AuditFact("go module", "go", "go", Version: "1.23", Build: "go build -ldflags=\"-w -s\" -o out", Start: "./out").Of(("go.mod", "module x\n\ngo 1.23\n"), ("main.go", Main)),
        new AuditFact("go without a module", "go", Build: "go build -ldflags=\"-w -s\" -o out main.go", Start: "./out").Of(("main.go", Main)),
        new AuditFact("go command with gin", "go", "go", "gin", Install: "go mod download", Build: "go build -ldflags=\"-w -s\" -o out ./cmd/server", Start: "./out").Of(("go.mod", "module x\n\nrequire github.com/gin-gonic/gin v1.9.0\n"), ("cmd/server/main.go", Main)),
        new AuditFact("go's program by Heroku's name", "go", Start: "./out -v").Of(("go.mod", "module shop\n"), ("main.go", Main), ("Procfile", "web: shop -v\n")),
        new AuditFact("go workspace", "go", Build: "go build -ldflags=\"-w -s\" -o out", Path: "api").Of(("go.work", "go 1.23\nuse (\n\t./api\n\t./shared\n)\n"), ("api/go.mod", "module api\n"), ("api/main.go", Main), ("shared/go.mod", "module shared\n"), ("shared/lib.go", "package shared\n")),
        new AuditFact("rust", "rust", "cargo", Version: "1.85", Build: "mkdir -p bin && cargo build --release && cp target/release/shop bin", Start: "./bin/shop").Of(("Cargo.toml", "[package]\nname = \"shop\"\nedition = \"2024\"\n"), ("Cargo.lock", ""), ("src/main.rs", "fn main() {}")),
        new AuditFact("rust toolchain file first", "rust", Version: "1.80").Of(("Cargo.toml", "[package]\nname = \"shop\"\nrust-version = \"1.70\"\n"), ("rust-toolchain.toml", "[toolchain]\nchannel = \"1.80\"\n"), ("src/main.rs", "")),
        new AuditFact("rust workspace", "rust", Build: "mkdir -p bin && cargo build --release --package api && cp target/release/api bin", Start: "./bin/api", Path: "api").Of(("Cargo.toml", "[workspace]\nmembers = [\"api\", \"lib\"]\n"), ("Cargo.lock", ""), ("api/Cargo.toml", "[package]\nname = \"api\"\n[dependencies]\nlib = { path = \"../lib\" }\n"), ("api/src/main.rs", ""), ("lib/Cargo.toml", "[package]\nname = \"lib\"\n"), ("lib/src/lib.rs", "")),
        new AuditFact("rust default-run", "rust", Start: "./bin/two").Of(("Cargo.toml", "[package]\nname = \"shop\"\ndefault-run = \"two\"\n"), ("Cargo.lock", ""), ("src/bin/one.rs", ""), ("src/bin/two.rs", "")),
        new AuditFact("rocket", "rust", Framework: "rocket", Start: "ROCKET_ADDRESS=0.0.0.0 ./bin/shop", Port: 8000).Of(("Cargo.toml", "[package]\nname = \"shop\"\n[dependencies]\nrocket = \"0.5\"\n"), ("Cargo.lock", ""), ("src/main.rs", "")),
        new AuditFact("lunatic", "rust", Framework: "lunatic", Start: "lunatic target/wasm32-wasi/release/shop.wasm").Of(("Cargo.toml", "[package]\nname = \"shop\"\n"), ("Cargo.lock", ""), (".cargo/config.toml", "[target.wasm32-wasi]\nrunner = \"lunatic\"\n"), ("src/main.rs", "")),
        new AuditFact("phoenix", "elixir", "mix", "phoenix", Version: "~> 1.16", Install: Mix + " && mix assets.setup", Build: "export MIX_ENV=prod && mix compile && mix assets.deploy && mix release --overwrite", Start: "PHX_SERVER=true _build/prod/rel/shop/bin/shop start").Of(
            ("mix.exs", "defmodule Shop.MixProject do\n app: :shop, elixir: \"~> 1.16\", mod: {Shop, []}\n {:phoenix, \"~> 1.7\"}\n \"assets.setup\": [], \"assets.deploy\": []\n"), ("mix.lock", "")),
        new AuditFact("elixir application", "elixir", "mix", "", Start: "_build/prod/rel/shop/bin/shop start", Version: "1.15").Of(("mix.exs", "app: :shop, mod: {Shop, []}"), (".elixir-version", "1.15")),
        new AuditFact("gleam", "gleam", "gleam", Build: "gleam export erlang-shipment", Start: "./build/erlang-shipment/entrypoint.sh run").Of(("gleam.toml", "name = \"shop\"\n"), ("src/shop.gleam", "pub fn main() {}")),
        new AuditFact("crystal", "crystal", "shards", "kemal", Install: "shards install", Build: "shards build --release", Start: "./bin/shop").Of(("shard.yml", "name: shop\ntargets:\n  shop:\n    main: src/shop.cr\ndependencies:\n  kemal:\n    github: kemalcr/kemal\n"), ("shard.lock", "")),
        new AuditFact("swift", "swift", "swiftpm", Version: "5.9", Install: "swift package resolve", Build: "swift build -c release --static-swift-stdlib", Start: "./.build/release/Shop").Of(("Package.swift", "// swift-tools-version:5.9\nlet package = Package(name: \"Shop\", targets: [.executableTarget(name: \"Shop\")])")),
        new AuditFact("zig", "zig", "zig", Build: "zig build -Doptimize=ReleaseSafe", Start: "./zig-out/bin/shop").Of(("build.zig", "const exe = b.addExecutable(.{ .name = \"shop\" });"), ("src/main.zig", "")),
        new AuditFact("haskell with stack", "haskell", "stack", Version: "lts-22.0", Install: "stack setup", Build: "stack install --local-bin-path bin", Start: "./bin/shop-exe").Of(("package.yaml", "name: shop\nexecutables:\n  shop-exe:\n    main: Main.hs\n"), ("stack.yaml", "resolver: lts-22.0\n"), ("app/Main.hs", "")),
        new AuditFact("haskell with cabal", "haskell", "cabal", Start: "./bin/shop").Of(("shop.cabal", "name: shop\nexecutable shop\n  main-is: Main.hs\n"), ("Main.hs", "")),
        new AuditFact("dart", "dart", "pub", Install: "dart pub get", Build: "dart compile exe bin/shop.dart", Start: "./bin/shop.exe", Version: "^3.0.0").Of(("pubspec.yaml", "name: shop\nenvironment:\n  sdk: ^3.0.0\n"), ("bin/shop.dart", "")),
        new AuditFact("flutter for the web", "dart", "pub", "flutter", Output: "build/web").Of(("pubspec.yaml", "name: shop\ndependencies:\n  flutter:\n    sdk: flutter\n"), ("web/index.html", "")),
        new AuditFact("cmake", "cpp", "cmake", Build: "cmake -B build -GNinja && cmake --build build", Start: "./build/shop").Of(("CMakeLists.txt", "project(shop)\nadd_executable(${PROJECT_NAME} main.cc)\n"), ("main.cc", "")),
        new AuditFact("meson", "cpp", "meson", Build: "meson setup build && meson compile -C build", Start: "./build/shop").Of(("meson.build", "project('shop', 'c')\nexecutable('shop', 'main.c')\n"), ("main.c", "")),
        new AuditFact("make", "cpp", "make", Build: "make", Start: "./shop").Of(("Makefile", "TARGET = shop\nall:\n\tcc -o shop main.c\n"), ("main.c", "")),
        new AuditFact("asp.net", "dotnet", "nuget", "aspnet", Version: "8.0", Install: "dotnet restore Shop.csproj", Build: "dotnet publish Shop.csproj --no-restore -c Release -o out", Start: "cd out && exec dotnet Shop.dll", Port: 8080).Of(("Shop.csproj", "<Project Sdk=\"Microsoft.NET.Sdk.Web\"><PropertyGroup><TargetFramework>net8.0</TargetFramework></PropertyGroup></Project>")),
        new AuditFact("dotnet worker", "dotnet", "nuget", "worker").Of(("Mail.csproj", "<Project Sdk=\"Microsoft.NET.Sdk.Worker\"><PropertyGroup><TargetFramework>net8.0</TargetFramework></PropertyGroup></Project>")),
        new AuditFact("f#", "dotnet", "nuget", Start: "cd out && exec dotnet Shop.dll").Of(("Shop.fsproj", "<Project Sdk=\"Microsoft.NET.Sdk.Web\"><PropertyGroup><TargetFramework>net8.0</TargetFramework></PropertyGroup></Project>")),
    ];
}
