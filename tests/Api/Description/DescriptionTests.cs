using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace ProdSprint.Tests.Api.Description;

/// <summary>The description of the API is complete: whoever reads nothing else can use it.</summary>
public sealed partial class DescriptionTests
{
    private static readonly ApiDocument Document = ApiDocument.Committed;
    private static readonly string[] NeverReplayed = ["RefreshSession", "StartDevice", "PollDevice", "ConfirmSession", "StartPasskeySignIn", "SignInByPasskey", "Enrol", "LinkLogin"];

    public static TheoryData<string> Operations => [.. Document.Operations.Select(o => o.Id)];

    [Theory, MemberData(nameof(Operations))]
    public void Operation_SaysWhatItTakesAndAnswers(string id)
    {
        var operation = Document[id];
        id.ShouldMatch("^[A-Z][A-Za-z]+$");
        operation.Json["summary"]!.ToString().ShouldNotBeEmpty();
        var tags = Document.Root["tags"]!.AsArray().Select(t => t!["name"]!.ToString()).ToArray();
        operation.Json["tags"]!.AsArray().Select(t => t!.ToString()).ShouldAllBe(t => tags.Contains(t));

        var inPath = Regex.Matches(operation.Path, @"\{(\w+)\}").Select(m => m.Groups[1].Value).Order();
        operation.Parameters.Where(p => p["in"]!.ToString() == "path").Select(p => p["name"]!.ToString()).Order().ShouldBe(inPath);
        foreach (var parameter in operation.Parameters)
        {
            parameter["description"]?.ToString().ShouldNotBeNullOrEmpty($"{id}: {parameter["name"]}");
            parameter["schema"]!["type"].ShouldNotBeNull();
        }
        var names = operation.Parameters.Select(p => p["name"]!.ToString()).ToArray();
        names.ShouldContain("X-Request-ID");
        // Where nobody is signed in yet, or the answer is this browser's or this moment's, there is nobody to keep it for.
        if (operation.Method == "GET") names.ShouldContain("If-None-Match");
        else names.Contains("Idempotency-Key").ShouldBe(!NeverReplayed.Contains(id), id);
        names.Contains("after").ShouldBe(names.Contains("limit") || id == "GetLogs", "a list has both after and limit");
    }

    /// <summary>What is kept of an answer for those who ask again would be the secret in clear, for a day.</summary>
    [Fact]
    public void AnswerWithASecret_IsKeptSealed_OrNotAtAll()
    {
        string[] Secrets(string id) => [.. Document[id].Responses.Where(r => r.Key[0] == '2').SelectMany(r => Texts(r.Value!["content"]?["application/json"]?["schema"], [])).Where(n => SecretName().IsMatch(n))];
        Document.Operations.Count(o => o.Method != "GET" && Secrets(o.Id).Length > 0).ShouldBeGreaterThan(10, "they are not recognised any more");
        Document.Operations.Where(o => o.Method != "GET" && Secrets(o.Id).Length > 0 && o.Parameters.Any(p => p["name"]!.ToString() == "Idempotency-Key" && !p["description"]!.ToString().Contains("sealed")))
            .Select(o => $"{o.Id}: {string.Join(", ", Secrets(o.Id))}").ShouldBeEmpty("each wants .WithMetadata(new HoldsSecret())");
    }

    /// <summary>The names of all fields that hold text, or lists of it.</summary>
    private static IEnumerable<string> Texts(JsonNode? schema, HashSet<string> seen)
    {
        if (schema is null || schema["$ref"] is { } reference && !seen.Add(reference.ToString())) return [];
        schema = Document.Resolve(schema);
        var own = (schema["properties"]?.AsObject() ?? []).Where(p => (p.Value!["type"]?.ToJsonString() ?? "").Contains("string") || (p.Value["items"]?["type"]?.ToJsonString() ?? "").Contains("string")).Select(p => p.Key);
        var below = (schema["properties"]?.AsObject().Select(p => p.Value) ?? []).Append(schema["items"]).Concat(schema["oneOf"]?.AsArray() ?? []);
        return [.. own, .. below.SelectMany(s => Texts(s, seen))];
    }

    [GeneratedRegex("secret|token|password|^codes$|^location$|(device|user)Code", RegexOptions.IgnoreCase)]
    private static partial Regex SecretName();

    [Theory, MemberData(nameof(Operations))]
    public void Responses_HaveSchemaAndExample_ThatAgree(string id)
    {
        var responses = Document[id].Responses;
        foreach (var status in (string[])["400", "403", "429", "500", "503"]) responses.ContainsKey(status).ShouldBeTrue($"{id} says nothing about {status}");
        responses.Count(r => r.Key[0] == '2').ShouldBe(1);
        foreach (var (status, response) in responses)
        {
            response!["description"]!.ToString().ShouldNotBeEmpty();
            if (status == "304") continue;
            response["headers"]!["X-Request-ID"].ShouldNotBeNull();
            if (status is "429" or "503") response["headers"]!["Retry-After"].ShouldNotBeNull();
            var media = status[0] == '2' ? response["content"]!["application/json"] : response["content"]!["application/problem+json"];
            // A download is described by its content type alone.
            if (media is null && id == "ExportAuditLog") continue;
            Check(media, $"{id} {status}");
        }
    }

    [Theory, MemberData(nameof(Operations))]
    public void Request_HasExample_AndTakesNothingElse(string id)
    {
        if (Document[id].Body is not { } body) return;
        Check(body, id);
        var schema = Document.Resolve(body["schema"]!["oneOf"] is JsonArray any ? any.Single(s => s!["type"]?.ToString() != "null")! : body["schema"]!);
        schema["additionalProperties"]!.GetValue<bool>().ShouldBeFalse($"{id} would take unknown fields");
    }

    [Fact]
    public void Document_IsOneOf31_WithoutLooseEnds()
    {
        Document.Root["openapi"]!.ToString().ShouldStartWith("3.1");
        Document.Operations.Select(o => o.Id).ShouldBeUnique();
        var text = Document.Root.ToJsonString();
        foreach (var (name, _) in Document.Root["components"]!["schemas"]!.AsObject())
        {
            name.ShouldNotContain("Anonymous");
            text.ShouldContain($"\"#/components/schemas/{name}\"");
        }
        foreach (Match reference in Regex.Matches(text, "\"(#/components/schemas/[^\"]+)\"")) Document.Resolve(new JsonObject { ["$ref"] = reference.Groups[1].Value });
    }

    private static void Check(JsonNode? media, string where)
    {
        media.ShouldNotBeNull(where);
        media["example"].ShouldNotBeNull($"{where} has no example");
        Document.Faults(media["example"], media["schema"]!).ShouldBeEmpty(where);
    }
}
