using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using ProdSprint.Gates;
using ProdSprint.Kernel;

namespace ProdSprint.Plans;

/// <summary><c>prodsprint blueprint</c>: what a plan means elsewhere, and its files on disk with <c>--out</c>.</summary>
public static class BlueprintCommand
{
    private static readonly Option<int?> Number = new("--plan") { Description = "The plan's number (default: the newest)" };
    private static readonly Option<string?> Profile = new("--profile") { Description = "Rules to check: default, strict, soc2 or hipaa (default: the plan's)" };
    private static readonly Option<string?> Region = new("--region") { Description = "Where it runs, e.g. eu-central-1" };
    private static readonly Option<string?> Domain = new("--domain") { Description = "The name that users type, e.g. shop.example.com" };
    private static readonly Option<string?> Compute = new("--compute") { Description = "What runs the containers: ecs or eks (default: ecs)" };
    private static readonly Option<double?> Requests = new("--requests") { Description = "Requests a month that the cost assumes" };
    private static readonly Option<string?> Out = new("--out", "-o") { Description = "Write the files below this folder" };

    private static readonly Option<string[]> Apply = new("--apply") { Description = "Carry out a saving, by its code as it is shown (rightsize.web); may be repeated" };
    private static readonly Option<bool> LimitsOnly = new("--limits-only") { Description = "With --branch: nothing but prodsprint.yml with the limits of --apply" };
    private static readonly Option<string?> Branch = new("--branch") { Description = "Write the files as this branch of the repository, once the plan is approved" };

    public static Command Create() => new Command("blueprint", "Terraform, pipelines, policies, cost and risk of a plan") { PlanCommands.Project, Number, Profile, Region, Domain, Compute, Requests, Apply, LimitsOnly, Out, Branch }.Runs(async (run, cancellation) =>
    {
        var project = await run.Project(run.Get(PlanCommands.Project), cancellation);
        var made = await run.Api.Post("/v1/blueprints/generate", new
        {
            project, plan = run.Get(Number), profile = run.Get(Profile), region = run.Get(Region), domain = run.Get(Domain), compute = run.Get(Compute),
            usage = run.Get(Requests) is { } requests ? new { requestsPerMonth = requests } : null, apply = run.Get(Apply) ?? [],
        }, cancellation);
        run.Line($"{Screen.Bold($"Blueprint of plan {made["plan"]}")}  {project}  {made["commit"]!.ToString()[..8]}");
        Policies(run, made["policies"]!.AsArray());
        Cost(run, made["cost_estimate"]!, made["applied"]!.AsArray());
        if (made["risk"] is { } risk) Risk(run, risk);
        foreach (var note in made["notes"]!.AsArray()) run.Line($"  note    {note}");
        foreach (var what in (string[])["iac_ref", "cicd_ref"])
        {
            run.Line($"  {what,-9}{made[what]}");
            if (run.Get(Out) is { } folder) await Write(run, folder, made[what]!.ToString(), cancellation);
        }
        if (run.Get(Branch) is { } branch) return await Propose(run, project, (int)made["plan"]!, branch, cancellation);
        if (run.Get(Out) is null) run.Next($"prodsprint blueprint --project {project} --out .");
        return made;
    });

    /// <summary>Asks for the branch and waits until it is there, or says why it is not.</summary>
    private static async Task<JsonNode> Propose(CommandRun run, string project, int plan, string branch, CancellationToken cancellation)
    {
        var path = $"/v1/projects/{project}/plans/{plan}/branch";
        await run.Api.Post(path, new
        {
            branch, profile = run.Get(Profile), region = run.Get(Region), domain = run.Get(Domain), compute = run.Get(Compute),
            usage = run.Get(Requests) is { } requests ? new { requestsPerMonth = requests } : null, apply = run.Get(Apply) ?? [], infrastructure = !run.Get(LimitsOnly), pipelines = !run.Get(LimitsOnly),
        }, cancellation);
        var written = await Until.True(() => run.Api.Get(path, cancellation), b => b["branch"]!["state"]!.ToString() != "writing", cancellation);
        var (state, problem) = (written["branch"]!["state"]!.ToString(), written["branch"]!["problem"]?.ToString());
        if (state == "failed") throw new CliException(ExitCode.Rejected, "branch.failed", $"{branch} was not written", problem!, $"Mend it and ask again: prodsprint blueprint --project {project} --plan {plan} --branch {branch}");
        run.Line($"  branch   {Screen.Good(branch)} at {written["branch"]!["commit"]!.ToString()[..8]}: {written["branch"]!["title"]}");
        run.Next(run.Get(Apply) is { Length: > 0 } ? $"prodsprint plan --project {project} --ref {branch}" : written["branch"]!["compare"]?.ToString() ?? $"git show {branch}");
        return written;
    }

    private static void Policies(CommandRun run, JsonArray results)
    {
        var failed = results.Where(r => !(bool)r!["passed"]!).ToList();
        run.Line($"  rules   {results.Count - failed.Count} of {results.Count} hold ({results[0]!["profile"]})");
        foreach (var r in failed)
        {
            var controls = string.Join(", ", r!["controls"]!.AsArray());
            run.Line($"          {(r["level"]!.ToString() == "block" ? Screen.Bad("blocks") : "warns ")} {r["rule"]}{(controls.Length > 0 ? $" ({controls})" : "")}: {r["remediation"]}");
        }
    }

    private static void Cost(CommandRun run, JsonNode cost, JsonArray applied)
    {
        string Money(JsonNode? amount) => string.Create(CultureInfo.InvariantCulture, $"{(double)amount!:N0} {cost["currency"]}");
        run.Line($"  cost    {Money(cost["low"])} to {Money(cost["high"])} a month in {cost["region"]}, list prices of {cost["priceDate"]}{(cost["change"] is { } change ? $", {(double)change:+#,0;-#,0;±0} against {(applied.Count > 0 ? "the plan without what is applied" : "what is approved")}" : "")}");
        foreach (var saving in applied) run.Line($"          {Screen.Good("applied")} {saving!["code"]}: {saving["how"]}");
        foreach (var saving in cost["savings"]!.AsArray())
        {
            var worth = (double)saving!["monthly"]! < 0 ? $"{Screen.Bad("risk")}, costs {Money(-(double)saving["monthly"]!)} more" : saving["kind"]!.ToString() == "risk" ? Screen.Bad("risk") : $"save {Money(saving["monthly"])}";
            run.Line($"          {worth}: {saving["title"]}. {saving["how"]}{(saving["change"] is null ? "" : Screen.Dim($"  --apply {saving["code"]}"))}");
        }
    }

    private static void Risk(CommandRun run, JsonNode risk)
    {
        run.Line(string.Create(CultureInfo.InvariantCulture, $"  risk    {risk["level"]}: {(double)risk["probability"]! * 100:0} % chance of being taken back{(risk["brierScore"] is { } brier ? $", Brier score {(double)brier:0.00}" : "")}"));
        foreach (var term in risk["terms"]!.AsArray()) run.Line(string.Create(CultureInfo.InvariantCulture, $"          {(double)term!["weight"]!,6:+0.00;-0.00} {term["name"],-13}{term["value"]}"));
    }

    private static async Task Write(CommandRun run, string folder, string reference, CancellationToken cancellation)
    {
        var files = (await run.Api.Get(reference, cancellation))["files"]!.AsObject();
        foreach (var (path, text) in files)
        {
            var target = Path.Combine(folder, path);
            if (GeneratedTests.IsFile(path) && File.Exists(target))
            {
                run.Line($"           {path} is there already and stays as it is");
                continue;
            }
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            await File.WriteAllTextAsync(target, text!.ToString(), cancellation);
        }
        run.Line($"           {files.Count} files below {folder}");
    }
}
