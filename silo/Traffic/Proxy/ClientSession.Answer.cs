using System.Text;
using System.Text.Encodings.Web;

namespace ProdSprint.Traffic;

internal sealed partial class ClientSession
{
    /// <summary>Gives the router's own answer and keeps the connection when that is safe; false: close it.</summary>
    private async ValueTask<bool> AnswerOrCloseAsync(HttpRefusal refusal)
    {
        // A body that was not read would be taken for the next request.
        var bodyLeft = !_body.Done;
        if (bodyLeft) _keepAlive = false;
        var sent = await AnswerAsync(refusal, _environment?.Unattributed ?? source.Unattributed, _charged);
        if (bodyLeft) await LingerAsync();
        return sent && _keepAlive;
    }

    private async ValueTask<bool> AnswerAsync(HttpRefusal refusal, VersionRuntime unattributed, VersionCell? charged)
    {
        var body = Encoding.UTF8.GetBytes($$"""
            {"type":"urn:prodsprint:problem:router.{{refusal.Code}}","title":"{{JavaScriptEncoder.Default.Encode(refusal.Title)}}","status":{{refusal.Status}},"detail":"{{JavaScriptEncoder.Default.Encode(refusal.Detail)}}"}
            """);
        var head = Encoding.ASCII.GetBytes(
            $"HTTP/1.1 {refusal.Status} {refusal.Title}\r\nContent-Type: application/problem+json\r\nContent-Length: {body.Length}\r\nCache-Control: no-store\r\n" +
            (refusal.Status is 503 ? "Retry-After: 1\r\n" : "") +
            (_keepAlive ? _scratch!.Request.Http11 ? "" : "Connection: keep-alive\r\n" : "Connection: close\r\n") + "\r\n");
        var withBody = _refusal is not null || Request.Method != MethodKind.Head;
        byte[] answer = withBody ? [.. head, .. body] : head;
        // Answered before it was sent, so that a client that has its answer finds it in the report as well.
        var sent = client.Send(answer);
        var complete = sent == answer.Length;
        if (!complete && sent != Link.Broken)
            complete = await client.SendAllAsync(answer, Math.Max(sent, 0), answer.Length - Math.Max(sent, 0), context.RequestHeadMs);
        var cell = charged ?? unattributed.On(context.Index);
        context.Count(cell, refusal.Status, aborted: !complete, failed: false, refusal.RouterFault, ElapsedMs);
        return complete;
    }

    /// <summary>Reads away what the client is still sending, for a little while: closing with unread data would reset the answer out of its hands.</summary>
    private async ValueTask LingerAsync()
    {
        client.FinishSending();
        var deadline = context.Loop.NowMs + ProxyLimits.LingerMs;
        var left = ProxyLimits.LingerBytes;
        while (left > 0 && context.Loop.NowMs < deadline)
        {
            var n = client.Receive(In);
            if (n is 0 or Link.Broken) return;
            if (n > 0) left -= n;
            else await client.Readable((int)Math.Max(1, deadline - context.Loop.NowMs));
        }
    }
}
