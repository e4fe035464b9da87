using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using ProdSprint.Kernel;
using ProdSprint.Plans;

namespace ProdSprint.Drills;

/// <summary>Bad input to a server that has something in production: each is told clearly what is wrong and what to do, and nothing is changed by it.</summary>
[Collection(OneInstallation.Name)]
public sealed class BadInputTests(Installation place)
{
    [Fact]
    public async Task BadRequests_AreToldWhatIsWrong_AndChangeNothing()
    {
        await using var project = await DrillProject.WithVisitorsAsync(place);
        using var http = Client();
        var before = await EverythingAsync(project);
        foreach (var bad in BadRequest.All)
        {
            using var request = new HttpRequestMessage(new(bad.Method), new Uri(place.Url, "/v1/" + bad.Path.Replace("{p}", project.Name)));
            request.Headers.IfMatch.Add(EntityTagHeaderValue.Any);
            if (bad.Body is not null) request.Content = new ByteArrayContent(bad.Body) { Headers = { ContentType = new MediaTypeHeaderValue(bad.ContentType) } };
            using var answer = await http.SendAsync(request);
            var text = await answer.Content.ReadAsStringAsync();
            ((int)answer.StatusCode).ShouldBe(bad.Status, $"{bad}: {text}");
            IsProblem(JsonNode.Parse(text)!, bad.Type, bad.ToString());
        }
        (await EverythingAsync(project)).ShouldBe(before);
        await project.UnharmedAsync("v1");
    }

    /// <summary>With its length said, and without; the server must read neither to its end, nor keep what it reads.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task BodyOfAGigabyte_IsRefusedEarly_AndTakesNoMemory(bool withLength)
    {
        const long gigabyte = 1L << 30;
        var before = await place.AskDatabaseAsync<long>("SELECT count(*) FROM orleans.orleansstorage");
        var (answer, sent) = await PourAsync(gigabyte, withLength);
        answer.ShouldStartWith("HTTP/1.1 413");
        IsProblem(JsonNode.Parse(answer[answer.IndexOf('{')..(answer.LastIndexOf('}') + 1)])!, "request.too-large", answer);
        sent.ShouldBeLessThan(64 << 20);
        (await place.AskDatabaseAsync<long>("SELECT count(*) FROM orleans.orleansstorage")).ShouldBe(before);
    }

    [Theory]
    [InlineData("project.bad-source", "import", "/there/is/nothing")]
    [InlineData("project.bad-source", "import", "/etc")]
    [InlineData("project.bad-name", "import", "{repository}", "--name", "../up")]
    [InlineData("cli.usage", "release", "--reff", "v2")]
    public async Task BadCommand_SaysWhatIsWrong_WithTheNextStep(string type, params string[] arguments)
    {
        var before = await place.AskDatabaseAsync<long>("SELECT count(*) FROM orleans.orleansstorage");
        var (exit, output) = await place.CliAsync([.. arguments.Select(a => a.Replace("{repository}", place.RepositoryOf(DrillApp.Name))), "--json"]);
        exit.ShouldBe(2, output);
        var error = JsonNode.Parse(output)!["error"]!;
        error["type"]!.ToString().ShouldEndWith(type);
        error["detail"]!.ToString().ShouldNotBeEmpty();
        (await place.AskDatabaseAsync<long>("SELECT count(*) FROM orleans.orleansstorage")).ShouldBe(before);
    }

    /// <summary>Each on a branch of a repository that is in production: it can be planned, which executes nothing, and goes no further.</summary>
    [Fact]
    public async Task BadRepositories_ArePlannedWithABlocker_NothingOfThemRuns()
    {
        await using var project = await DrillProject.WithVisitorsAsync(place);
        var begun = place.Witness.Begun.Count;
        using var api = place.Client("ana");
        foreach (var bad in BadBranch.All)
        {
            await bad.CommitAsync(place.RepositoryOf(DrillApp.Name));
            var plan = await PlanCommands.Make(api, project.Name, bad.Name, null, CancellationToken.None);
            var blocker = plan["document"]!["blockers"]!.AsArray().FirstOrDefault(b => b!["code"]!.ToString() == bad.Blocker);
            blocker.ShouldNotBeNull($"{bad.Name}: {plan["document"]!["blockers"]!.ToJsonString()}");
            foreach (var said in (string[])["title", "why", "remediation"]) blocker[said]!.ToString().ShouldNotBeEmpty(bad.Name);

            var number = (int)plan["number"]!;
            (await RefusedAsync(() => project.Post($"/plans/{number}/approve", new { reason = "all the same" }))).Type.ShouldEndWith("plan.blocked", Case.Sensitive, bad.Name);
        }
        place.Witness.Begun.Count.ShouldBe(begun);
        (await project.Get("/releases"))["items"]!.AsArray().Count.ShouldBe(1);
        await project.UnharmedAsync("v1");
    }

    private HttpClient Client()
    {
        var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        http.DefaultRequestHeaders.Add("X-ProdSprint-User", "ana");
        return http;
    }

    /// <summary>All that is known of the project, and which projects there are.</summary>
    private Task<string> EverythingAsync(DrillProject project) => place.AskDatabaseAsync<string>(
        """
        SELECT concat_ws(' ',
          (SELECT string_agg(id, ' ' ORDER BY seq) FROM prodsprint.timeline WHERE project = $1),
          (SELECT string_agg(key || version, ' ' ORDER BY key) FROM prodsprint.resource_view WHERE project = $1),
          (SELECT string_agg(id || state, ' ' ORDER BY id) FROM prodsprint.job WHERE project = $1),
          (SELECT string_agg(grainidextensionstring || version, ' ' ORDER BY grainidextensionstring) FROM orleans.orleansstorage WHERE split_part(grainidextensionstring, '/', 3) = $1),
          (SELECT count(*) FROM prodsprint.resource_view WHERE kind = 'project'))
        """, project.Name);

    private static void IsProblem(JsonNode problem, string type, string what)
    {
        problem["type"]!.ToString().ShouldEndWith("/" + type, Case.Sensitive, what);
        foreach (var said in (string[])["title", "detail", "next", "requestId"]) problem[said]?.ToString().ShouldNotBeNullOrEmpty($"{said} of {what}");
    }

    private static async Task<CliException> RefusedAsync(Func<Task> command) => await Should.ThrowAsync<CliException>(command);

    /// <summary>By hand, because a client library gives up on the first answer or never reads it.</summary>
    private async Task<(string Answer, long Sent)> PourAsync(long bytes, bool withLength)
    {
        using var socket = new TcpClient { NoDelay = true };
        await socket.ConnectAsync(place.Url.Host, place.Url.Port);
        var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /v1/projects HTTP/1.1\r\nHost: {place.Url.Authority}\r\nX-ProdSprint-User: ana\r\nContent-Type: application/json\r\n{(withLength ? $"Content-Length: {bytes}" : "Transfer-Encoding: chunked")}\r\n\r\n"));
        var reading = new StreamReader(stream, Encoding.UTF8).ReadToEndAsync();
        var spaces = Encoding.ASCII.GetBytes(new string(' ', 1 << 16));
        long sent = 0;
        try
        {
            for (; sent < bytes && !reading.IsCompleted; sent += spaces.Length)
            {
                if (!withLength) await stream.WriteAsync("10000\r\n"u8.ToArray());
                await stream.WriteAsync(spaces);
                if (!withLength) await stream.WriteAsync("\r\n"u8.ToArray());
            }
        }
        catch (IOException)
        {
            // The server has heard enough.
        }
        return (await reading, sent);
    }
}
