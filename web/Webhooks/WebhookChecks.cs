using System.Collections.Immutable;
using System.Net;
using System.Text.RegularExpressions;
using ProdSprint.Kernel;

namespace ProdSprint.Webhooks;

/// <summary>What may be a webhook. A name is looked up only when something is sent: what it means then is what counts.</summary>
public static partial class WebhookChecks
{
    private const int LongestUrl = 2_000;
    private const int MostEvents = 50;

    public static string Url(string text, WebhookOptions options)
    {
        if (text.Length > LongestUrl || !Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("https" or "http") || url.UserInfo.Length > 0 || url.Host.Length == 0)
            throw ProblemException.Invalid("webhook.bad-url", "'url' is no address to send to.", "https://…, without a user or password in it; secrets belong into the signature");
        if (options.AllowPrivate) return url.AbsoluteUri;
        if (url.Scheme != "https") throw ProblemException.Invalid("webhook.bad-url", "'url' is not https.", "Use https://…, or have the server allow private networks (Webhooks__AllowPrivate)");
        return !IsPrivate(url) ? url.AbsoluteUri
            : throw ProblemException.Invalid("webhook.private-address", $"'{url.Host}' is an address of a private network.", "Use a public address, or have the server allow private ones (Webhooks__AllowPrivate)");
    }

    public static ImmutableArray<string> Events(ImmutableArray<string> events) => events.Length <= MostEvents && events.All(e => Event().IsMatch(e))
        ? [.. events.Distinct()]
        : throw ProblemException.Invalid("webhook.bad-events", "'events' names something that is no kind of an event, or more than 50.", "e.g. release.promoted, release.* or nothing for everything; the timeline shows the kinds");

    private static bool IsPrivate(Uri url) => url.IsLoopback || (IPAddress.TryParse(url.DnsSafeHost, out var address) && !PublicAddresses.IsPublic(address));

    [GeneratedRegex(@"\A[a-z]+(-[a-z]+)*\.(\*|[a-z0-9]+(-[a-z0-9]+)*)\z")]
    private static partial Regex Event();
}
