using System.Collections.Immutable;

namespace ProdSprint.Projects;

/// <summary>One deployable part of a repository. What could not be found is null or empty, never guessed silently: each guess names its source.</summary>
/// <param name="Name">Unique within the report; lower case letters, digits and dashes.</param>
/// <param name="Path">The service's folder relative to the repository root, "." for the root; forward slashes.</param>
/// <param name="Language">
/// node, deno, python, go, java (also Kotlin), scala, clojure, dotnet, ruby, php, rust, elixir, gleam, crystal, swift, dart, haskell, zig, cpp, static, docker, or "shell" when only a script or a Procfile says how to start it.
/// </param>
/// <param name="LanguageVersion">The version asked for, as written (e.g. "20", ">=18", "3.12"), with the file that asks for it.</param>
/// <param name="PackageManager">npm, pnpm, yarn, yarn-berry, bun, deno, nuget, pip, poetry, uv, pdm, pipenv, go, maven, gradle, sbt, leiningen, clojure, bundler, composer, cargo, mix, …</param>
/// <param name="Framework">next, express, fastify, nest, vite, aspnet, django, flask, fastapi, …</param>
/// <param name="OutputDirectory">For <see cref="ServiceKind.Static"/>: the folder to serve after the build, relative to the repository root.</param>
/// <param name="DependsOn">Names or paths of other packages in this repository that it needs, sorted.</param>
/// <param name="Links">The other services of this repository that it calls or waits for, sorted; null only in reports written before they were looked for.</param>
/// <param name="Needs">Databases, queues and caches its packages speak to: postgres, mysql, redis, mongodb, kafka, rabbitmq, s3, sqlite …</param>
[GenerateSerializer, Immutable, Alias("projects.ServiceAudit")]
public sealed record ServiceAudit(
    [property: Id(0)] string Name,
    [property: Id(1)] string Path,
    [property: Id(2)] ServiceKind Kind,
    [property: Id(3)] string Language,
    [property: Id(4)] Sourced? LanguageVersion,
    [property: Id(5)] Sourced? PackageManager,
    [property: Id(6)] string? Framework,
    [property: Id(7)] ServiceCommand? InstallCommand,
    [property: Id(8)] ServiceCommand? BuildCommand,
    [property: Id(9)] ServiceCommand? StartCommand,
    [property: Id(10)] PortAudit? Port,
    [property: Id(11)] DockerfileAudit? Dockerfile,
    [property: Id(12)] Sourced? HealthPath,
    [property: Id(13)] string? OutputDirectory,
    [property: Id(14)] ImmutableArray<EnvironmentVariableAudit> EnvironmentVariables,
    [property: Id(15)] ImmutableArray<ProcessAudit> Processes,
    [property: Id(16)] ImmutableArray<MigrationAudit> Migrations,
    [property: Id(17)] TestAudit? Tests,
    [property: Id(18)] ImmutableArray<string> DependsOn,
    [property: Id(19)] ImmutableArray<string> Needs,
    [property: Id(20)] IReadOnlyList<ServiceLink>? Links = null);

[GenerateSerializer, Alias("projects.ServiceKind")]
public enum ServiceKind
{
    /// <summary>Listens for HTTP.</summary>
    Web,

    /// <summary>Runs, but listens for nothing that was found.</summary>
    Worker,

    /// <summary>Files to be served; has <see cref="ServiceAudit.OutputDirectory"/> and no start command.</summary>
    Static,
}

/// <summary>A value and the file (or rule) it was taken from, e.g. "package.json engines.node".</summary>
[GenerateSerializer, Immutable, Alias("projects.Sourced")]
public sealed record Sourced([property: Id(0)] string Value, [property: Id(1)] string Source);

/// <summary>A shell command line, run with <c>/bin/sh -c</c> in <paramref name="Directory"/> (relative to the repository root, "." for the root).</summary>
/// <param name="Source">Where it comes from: "package.json scripts.build", "Procfile", "rule: django" …</param>
[GenerateSerializer, Immutable, Alias("projects.ServiceCommand")]
public sealed record ServiceCommand(
    [property: Id(0)] string Line,
    [property: Id(1)] string Directory,
    [property: Id(2)] string Source);

/// <summary>The port a service listens on.</summary>
/// <param name="Number">The default when nothing says otherwise.</param>
/// <param name="Variable">
/// The environment variable that moves it (PORT, ASPNETCORE_HTTP_PORTS …), or null when the port is fixed in the code: then two versions cannot run on one host.
/// </param>
[GenerateSerializer, Immutable, Alias("projects.PortAudit")]
public sealed record PortAudit(
    [property: Id(0)] int Number,
    [property: Id(1)] string? Variable,
    [property: Id(2)] string Source);

/// <param name="Path">Relative to the repository root.</param>
/// <param name="User">The last USER, or null: the image runs as root.</param>
[GenerateSerializer, Immutable, Alias("projects.DockerfileAudit")]
public sealed record DockerfileAudit(
    [property: Id(0)] string Path,
    [property: Id(1)] ImmutableArray<string> BaseImages,
    [property: Id(2)] ImmutableArray<int> ExposedPorts,
    [property: Id(3)] string? Command,
    [property: Id(4)] string? User,
    [property: Id(5)] bool HealthCheck);

/// <summary>An environment variable the code reads.</summary>
/// <param name="Required">True when no default was seen anywhere it is read and it is not one that the platform sets (PORT, NODE_ENV …).</param>
/// <param name="Default">The literal default in the code, when there is one and it does not look like a secret.</param>
/// <param name="Secret">Its name looks like a credential's (…_KEY, …_TOKEN, …_SECRET, PASSWORD, DATABASE_URL …).</param>
/// <param name="ReadAt">Sorted; at most the first 20 places.</param>
[GenerateSerializer, Immutable, Alias("projects.EnvironmentVariableAudit")]
public sealed record EnvironmentVariableAudit(
    [property: Id(0)] string Name,
    [property: Id(1)] bool Required,
    [property: Id(2)] string? Default,
    [property: Id(3)] bool Secret,
    [property: Id(4)] ImmutableArray<SourceLocation> ReadAt);

/// <summary>A line of a Procfile.</summary>
[GenerateSerializer, Immutable, Alias("projects.ProcessAudit")]
public sealed record ProcessAudit(
    [property: Id(0)] string Name,
    [property: Id(1)] string Command,
    [property: Id(2)] SourceLocation At);

/// <param name="Tool">prisma, knex, typeorm, sequelize, drizzle, ef-core, django, alembic, golang-migrate, goose, sql …</param>
/// <param name="Directory">Where the migrations lie, relative to the repository root.</param>
/// <param name="Count">How many migration files were found.</param>
/// <param name="Command">What applies them, when the tool has one command for it.</param>
[GenerateSerializer, Immutable, Alias("projects.MigrationAudit")]
public sealed record MigrationAudit(
    [property: Id(0)] string Tool,
    [property: Id(1)] string Directory,
    [property: Id(2)] int Count,
    [property: Id(3)] ServiceCommand? Command);

/// <param name="Runner">node-test, jest, vitest, mocha, pytest, unittest, dotnet-test, go-test …</param>
/// <param name="Files">How many test files were found.</param>
[GenerateSerializer, Immutable, Alias("projects.TestAudit")]
public sealed record TestAudit(
    [property: Id(0)] string Runner,
    [property: Id(1)] ServiceCommand? Command,
    [property: Id(2)] int Files);
