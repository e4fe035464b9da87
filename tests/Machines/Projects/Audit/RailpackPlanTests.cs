using System.Text.Json;
using ProdSprint.Bench;

namespace ProdSprint.Tests.Projects;

public sealed class RailpackPlanTests
{
    [Theory]
    [InlineData("bun, node, pnpm", "install", "pnpm run start", "node")]
    [InlineData("java, maven", "build", "java -jar target/*jar", "java")]
    [InlineData("node, ruby", "install", "ruby app.rb", "ruby")]
    [InlineData("meson, ninja, pipx, python", "build", "/build/x", "cpp")]
    [InlineData("poetry, python", "install", "python main.py", "python")]
    [InlineData("erlang, gleam", "build", "./build/erlang-shipment/entrypoint.sh run", "gleam")]
    [InlineData("node", "install:composer", "/start-container.sh", "php")]
    [InlineData(null, "build", "caddy run --config Caddyfile", "static")]
    [InlineData(null, "build", "sh start.sh", "shell")]
    public void LanguageOf_APlan(string? programs, string step, string start, string language)
    {
        var commands = programs is null ? "null" : $$"""[ { "path": "/mise/shims" }, { "cmd": "mise install", "customName": "install mise packages: {{programs}}" } ]""";
        using var plan = JsonDocument.Parse($$"""{ "deploy": { "startCommand": "{{start}}" }, "steps": [ { "name": "{{step}}", "commands": {{commands}} } ] }""");
        RailpackPlan.LanguageOf(plan.RootElement).ShouldBe(language);
    }
}
