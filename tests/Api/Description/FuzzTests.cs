using System.Net.Http.Headers;
using System.Text.Json.Nodes;

namespace ProdSprint.Tests.Api.Description;

/// <summary>
/// Every operation with what it does not expect, many times over: the server never has a fault, every answer is one that is described, and every refusal is
/// a problem that says what to do. Seeded: a failure names what was sent; PRODSPRINT_FUZZ=N sends N times as much.
/// </summary>
public sealed class FuzzTests(ServerFixture server)
{
    private const int Requests = 40;
    private const string Project = "fuzzed";
    private static readonly int Times = int.TryParse(Environment.GetEnvironmentVariable("PRODSPRINT_FUZZ"), out var n) ? n : 1;

    /// <summary>Said of any address, described or not.</summary>
    private static readonly int[] OfAnyAddress = [404, 405, 414, 431];

    public static TheoryData<string> Operations => [.. ApiDocument.Committed.Operations.Select(o => o.Id)];

    [Theory, MemberData(nameof(Operations))]
    public async Task Operation_WithAnything_AnswersAsDescribed(string id)
    {
        var document = ApiDocument.Committed;
        var operation = document[id];
        await Prepare();
        var random = new Random(20261121);
        var hostile = new HostileValues(document, random);
        for (var i = 0; i < Requests * Times; i++)
        {
            using var request = new HttpRequestMessage(new(operation.Method), Address(operation, hostile, random));
            foreach (var parameter in operation.Parameters.Where(p => p["in"]!.ToString() == "header"))
                if (random.Next(4) == 0) request.Headers.TryAddWithoutValidation(parameter["name"]!.ToString(), hostile.Header());
            if (random.Next(6) == 0) request.Headers.TryAddWithoutValidation("traceparent", hostile.Header());
            if (operation.Json["tags"]![0]!.ToString() == "Tenants")
            {
                // Whoever is made a member closes the workspace to the others.
                request.Headers.Add("X-ProdSprint-Workspace", "fuzzed-members");
                request.Headers.Add("X-ProdSprint-User", "1");
            }
            else if (random.Next(8) == 0)
            {
                request.Headers.TryAddWithoutValidation("X-ProdSprint-Workspace", hostile.Header());
            }
            var sent = "";
            if (operation.Body is { } body)
            {
                var bytes = hostile.Body(body["schema"]!, body["example"]!);
                sent = System.Text.Encoding.UTF8.GetString(bytes.AsSpan(0, Math.Min(400, bytes.Length)));
                request.Content = new ByteArrayContent(bytes);
                if (random.Next(10) > 0) request.Content.Headers.ContentType = new MediaTypeHeaderValue(random.Next(10) == 0 ? "text/plain" : "application/json");
            }
            using var response = await server.Http.SendAsync(request);
            var answer = await response.Content.ReadAsStringAsync();
            Check(document, operation, (int)response.StatusCode, response, answer, $"{operation.Method} {request.RequestUri} {sent} → {(int)response.StatusCode} {answer[..Math.Min(400, answer.Length)]}");
        }
        (await server.Send(HttpMethod.Get, "/health/ready")).Response.IsSuccessStatusCode.ShouldBeTrue();
    }

    private static void Check(ApiDocument document, Operation operation, int status, HttpResponseMessage response, string answer, string what)
    {
        status.ShouldBeLessThan(500, what);
        (operation.Responses.ContainsKey($"{status}") || OfAnyAddress.Contains(status)).ShouldBeTrue("Not described: " + what);
        var type = response.Content.Headers.ContentType?.MediaType;
        if (status >= 400)
        {
            // What cannot be read as HTTP at all is refused before there is anything to say it in.
            if (answer.Length == 0 && !response.Headers.Contains("X-Request-ID")) return;
            type.ShouldBe("application/problem+json", what);
            document.Faults(JsonNode.Parse(answer), new JsonObject { ["$ref"] = "#/components/schemas/Problem" }).ShouldBeEmpty(what);
        }
        else if (type == "application/json")
        {
            document.Faults(JsonNode.Parse(answer), operation.Responses[$"{status}"]!["content"]!["application/json"]!["schema"]!).ShouldBeEmpty(what);
        }
    }

    /// <summary>A project that is there, so that what is well formed gets as far as the machines.</summary>
    private async Task Prepare()
    {
        if ((await server.Send(HttpMethod.Get, $"/v1/projects/{Project}")).Response.IsSuccessStatusCode) return;
        await server.Import(Project, await server.Repository(Project, ("index.html", "x")));
        (await server.Send(HttpMethod.Post, $"/v1/projects/{Project}/plans", new { })).Response.EnsureSuccessStatusCode();
        await server.Until($"/v1/projects/{Project}/plans/1", p => p["status"]!.ToString() != "generating");
    }

    private static string Address(Operation operation, HostileValues hostile, Random random)
    {
        var path = operation.Path;
        var query = new List<string>();
        foreach (var parameter in operation.Parameters)
        {
            var (name, schema) = (parameter["name"]!.ToString(), parameter["schema"]!);
            var number = schema["type"]!.ToString().Contains("integer", StringComparison.Ordinal);
            if (parameter["in"]!.ToString() == "path")
            {
                var value = random.Next(4) == 0 ? (number ? hostile.Number() : hostile.Text()) : Good(name, schema, random);
                // Clients resolve these themselves: another address, and another operation's answer.
                path = path.Replace($"{{{name}}}", Uri.EscapeDataString(value is "" or "." or ".." ? value + "~" : value));
            }
            else if (parameter["in"]!.ToString() == "query" && random.Next(2) == 0)
            {
                query.Add($"{name}={Uri.EscapeDataString(random.Next(2) == 0 ? Good(name, schema, random) : number ? hostile.Number() : hostile.Text())}");
            }
        }
        if (random.Next(6) == 0) query.Add($"{Uri.EscapeDataString(hostile.Text())}={Uri.EscapeDataString(hostile.Text())}");
        return query.Count == 0 ? path : $"{path}?{string.Join('&', query)}";
    }

    private static string Good(string name, JsonNode schema, Random random) => name switch
    {
        "project" => Project,
        "waitSeconds" => "0",
        _ when schema["enum"] is JsonArray words => words[random.Next(words.Count)]!.ToString(),
        _ when schema["format"]?.ToString() == "date-time" => "2026-11-21T06:00:00Z",
        _ => "1",
    };
}
