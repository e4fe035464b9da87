namespace ProdSprint.Webhooks;

/// <summary>What is sent out, and where to: section <c>Webhooks</c>.</summary>
public sealed class WebhookOptions
{
    /// <summary>
    /// Also to addresses of private networks, to this machine, and without TLS. Off, because an Admin of one workspace could otherwise make the server ask what only
    /// the server can reach (its cloud's metadata, an unprotected admin page). Turn it on where all tenants are of one house.
    /// </summary>
    public bool AllowPrivate { get; set; }

    /// <summary>For one answer. Receivers are to note the event and answer; what they make of it is their time.</summary>
    public TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>With full jitter between 0 and 5 minutes from the eighth on: about half an hour until it is given up.</summary>
    public int Attempts { get; set; } = 15;

    /// <summary>The log of deliveries is kept this long, and can be replayed from.</summary>
    public TimeSpan Kept { get; set; } = TimeSpan.FromDays(14);
}
