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

    /// <summary>Tries, the first included: with <see cref="Pauses"/> a receiver that was away for a day still gets everything.</summary>
    public int Attempts { get; set; } = Pauses.Count + 1;

    /// <summary>From one try to the next, growing: a receiver that restarts misses nothing for long, and one that is away for a night is not hammered. Together 25 h 36 min.</summary>
    public static IReadOnlyList<TimeSpan> Pauses { get; } =
    [
        TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(15), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30),
        TimeSpan.FromHours(2), TimeSpan.FromHours(5), TimeSpan.FromHours(8), TimeSpan.FromHours(10),
    ];

    /// <summary>After the failed try <paramref name="attempt"/> (from 1): up to a fifth longer, so that what failed together does not come again together.</summary>
    /// <param name="draw">Uniform in [0, 1).</param>
    public static TimeSpan PauseAfter(int attempt, double draw) => Pauses[Math.Clamp(attempt - 1, 0, Pauses.Count - 1)] * (1 + draw / 5);

    /// <summary>The log of deliveries is kept this long, and can be replayed from.</summary>
    public TimeSpan Kept { get; set; } = TimeSpan.FromDays(14);
}
