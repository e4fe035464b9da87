using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using ProdSprint.Kernel;
using ProdSprint.Plans;

namespace ProdSprint.Supply;

/// <summary><c>prodsprint attestation</c>: who says where an artifact came from. What the server keeps is verified here, by the code that lets traffic through.</summary>
public static class AttestationCommand
{
    private static readonly Argument<string?> Digest = new("digest") { Description = "sha256:… of the artifact, or its beginning (default: the newest)", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Option<string?> Key = new("--key") { Description = "A public key in PEM to hold it against, e.g. one kept from before (default: the keys that the server vouches for)" };
    private static readonly Option<string?> Output = new("--output", "-o") { Description = "Write it to this file instead" };

    public static Command Create() => new("attestation", "Where artifacts came from, signed")
    {
        new Command("show", "What is said of an artifact, newest first") { Digest, PlanCommands.Project }.Runs(async (run, cancellation) =>
        {
            var artifact = await Artifact(run, cancellation);
            var page = await Attestations(run, artifact, cancellation);
            run.Line($"{artifact.Digest}, of commit {artifact.Commit}");
            foreach (var a in page) run.Line($"{a!["createdAt"]}  {Kind(a)}  {(a["problem"] is { } problem ? Screen.Bad(problem.ToString()) : $"signed by {a["keyId"]!.ToString()[..12]}…")}  {a["source"]}");
            if (page.Count == 0) run.Line("Nothing is said of it.");
            run.Next($"prodsprint attestation verify {artifact.Digest} --project {artifact.Project}");
            return new JsonObject { ["artifact"] = artifact.Digest, ["commit"] = artifact.Commit, ["attestations"] = page.DeepClone() };
        }),
        new Command("verify", "Whether it may have traffic; exit code 3 when not") { Digest, PlanCommands.Project, Key }.Runs(async (run, cancellation) =>
        {
            var artifact = await Artifact(run, cancellation);
            var (finding, _) = await Verify(run, artifact, cancellation);
            if (finding.Problem is not null) run.ExitCode = ExitCode.Rejected;
            run.Line(finding.Problem is { } problem
                ? $"{Screen.Bad("not accepted")}  {artifact.Digest}: {problem}"
                : $"{Screen.Good("accepted")}  {artifact.Digest} was built from commit {artifact.Commit}: {finding.Attestation}, signed by key {finding.KeyId}");
            if (finding.Problem is null) run.Next($"prodsprint attestation export {artifact.Digest} --project {artifact.Project} --output bundle.json");
            return new JsonObject { ["accepted"] = finding.Problem is null, ["artifact"] = artifact.Digest, ["commit"] = artifact.Commit, ["attestation"] = finding.Attestation, ["keyId"] = finding.KeyId, ["problem"] = finding.Problem };
        }),
        new Command("export", "The accepted provenance as a Sigstore bundle, for cosign") { Digest, PlanCommands.Project, Output }.Runs(async (run, cancellation) =>
        {
            var artifact = await Artifact(run, cancellation);
            var (finding, all) = await Verify(run, artifact, cancellation);
            if (finding.Problem is { } problem) throw new CliException(ExitCode.Rejected, "attestation.not-accepted", "Nothing to export", $"No attestation of {artifact.Digest} counts: {problem}.", "Release its commit again, which attests what is built");
            var keys = await Keys(run, cancellation);
            var bundle = SigstoreBundle.Write(DsseEnvelope.Read(all.Single(a => a.Id == finding.Attestation).Envelope), keys.Single(k => k.Id == finding.KeyId));
            await Write(run, bundle, cancellation);
            run.Next($"cosign verify-blob-attestation --insecure-ignore-tlog --key KEY.pem --bundle BUNDLE --type slsaprovenance1 --digest {Provenance.Hex(artifact.Digest)} --digestAlg sha256");
            return JsonNode.Parse(bundle);
        }),
        new Command("key", "The public key that signs now, in PEM") { Output }.Runs(async (run, cancellation) =>
        {
            var page = await run.Api.Get("/v1/attestation-keys", cancellation);
            var active = page["items"]!.AsArray().FirstOrDefault(k => (bool)k!["active"]!)
                ?? throw new CliException(ExitCode.NotFound, "attestation-key.none", "No key yet", "Nothing has been signed in this workspace.", "Build something: prodsprint release");
            await Write(run, active["publicKey"]!.ToString(), cancellation);
            return active.DeepClone();
        }),
        new Command("keys", "Every public key of the workspace, newest first").Runs(async (run, cancellation) =>
        {
            var page = await run.Api.Get("/v1/attestation-keys", cancellation);
            foreach (var k in page["items"]!.AsArray()) run.Line($"{k!["id"]}  {((bool)k["active"]! ? "signs" : "verifies"),-8}  {k["createdAt"]}  {k["madeBy"]}");
            return page;
        }),
        new Command("rotate", "Sign with a new key from now on; what the old one signed still counts").Runs(async (run, cancellation) =>
        {
            run.Confirm("Replace the key that signs? Its private half is destroyed.");
            var made = await run.Api.Post("/v1/attestation-keys", new { }, cancellation);
            run.Line($"Key {made["id"]} signs from now on");
            run.Next("prodsprint attestation key --output cosign.pub");
            return made;
        }),
    };

    private sealed record Known(string Project, string Digest, string Commit);

    private static async Task<Known> Artifact(CommandRun run, CancellationToken cancellation)
    {
        var project = await run.Project(run.Get(PlanCommands.Project), cancellation);
        var asked = run.Get(Digest) ?? "";
        if (asked.Length > 0 && !asked.StartsWith("sha256:", StringComparison.Ordinal)) asked = "sha256:" + asked;
        var items = (await run.Api.Get($"/v1/projects/{project}/artifacts", cancellation))["items"]!.AsArray();
        var fits = items.Where(a => a!["digest"]!.ToString().StartsWith(asked, StringComparison.Ordinal)).ToList();
        if (fits.Count == 0) throw new CliException(ExitCode.NotFound, "artifact.not-found", "No such artifact", asked.Length == 0 ? $"{project} has no builds." : $"{project} has no build {asked}.", $"See its builds: GET /v1/projects/{project}/artifacts");
        if (fits.Select(a => a!["digest"]!.ToString()).Distinct().Count() > 1 && asked.Length > 0)
            throw new CliException(ExitCode.Usage, "artifact.which", "Which artifact?", $"{fits.Count} begin with {asked}.", "Give more of the digest");
        return new(project, fits[0]!["digest"]!.ToString(), fits[0]!["commit"]!.ToString());
    }

    private static async Task<JsonArray> Attestations(CommandRun run, Known artifact, CancellationToken cancellation) =>
        (await run.Api.Get($"/v1/projects/{artifact.Project}/artifacts/{artifact.Digest}/attestations", cancellation))["items"]!.AsArray();

    private static async Task<(AttestationFinding Finding, IReadOnlyList<StoredAttestation> All)> Verify(CommandRun run, Known artifact, CancellationToken cancellation)
    {
        List<StoredAttestation> all = [.. (await Attestations(run, artifact, cancellation)).Where(a => a!["predicateType"]!.ToString() == Provenance.Build).Select(a => new StoredAttestation(a!["id"]!.ToString(), a["envelope"]!.ToString()))];
        return (AttestationCheck.Of(new(run.Workspace ?? "default", artifact.Project, artifact.Digest, artifact.Commit), all, await Keys(run, cancellation)), all);
    }

    private static async Task<IReadOnlyList<AttestationKey>> Keys(CommandRun run, CancellationToken cancellation)
    {
        try
        {
            return run.Get(Key) is { } file
                ? [AttestationKey.OfPem(await File.ReadAllTextAsync(file, cancellation))]
                : [.. (await run.Api.Get("/v1/attestation-keys", cancellation))["items"]!.AsArray().Select(k => AttestationKey.OfPem(k!["publicKey"]!.ToString()))];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or AttestationException)
        {
            throw new CliException(ExitCode.Usage, "attestation.bad-key", "Not a key", $"{run.Get(Key) ?? "The server's key"}: {e.Message}.", "Give a public key in PEM: prodsprint attestation key --output cosign.pub");
        }
    }

    private static async Task Write(CommandRun run, string text, CancellationToken cancellation)
    {
        if (run.Get(Output) is not { } file)
        {
            run.Line(text.TrimEnd('\n'));
            return;
        }
        try
        {
            await File.WriteAllTextAsync(file, text, new UTF8Encoding(false), cancellation);
            run.Line($"Written to {file}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CliException(ExitCode.Failed, "cli.cannot-write", "Cannot be written", $"{file}: {e.Message}", "Name a file in a directory you may write to");
        }
    }

    private static string Kind(JsonNode a) => a["predicateType"]!.ToString() switch { Provenance.Build => "build     ", Provenance.Deployment => "deployment", var other => other };
}
