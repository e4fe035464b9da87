using System.Globalization;

namespace ProdSprint.Kernel;

/// <summary>One storage row: the machine's state, its version and what is still to be told to the outside. Writing it is the transaction.</summary>
public sealed class MachineState<TState>
{
    public TState? State { get; set; }

    /// <summary>Counts accepted commands that changed something; 0 before the first.</summary>
    public long Version { get; set; }

    /// <summary>Not known to be done yet. After a crash they are done again, by id.</summary>
    public List<OutboxEntry> Outbox { get; set; } = [];

    /// <summary>Facts not known to be in the timeline yet.</summary>
    public List<TimelineEntry> Facts { get; set; } = [];

    /// <summary>Effect ids of <see cref="Tell"/> commands already taken, and what was answered to commands with a <see cref="CommandId"/>, newest last, bounded: a second delivery changes nothing.</summary>
    public List<string> Seen { get; set; } = [];

    /// <summary>What was answered to a command, kept with the state that it made: there is no moment in which it is done and not known to be.</summary>
    public static string Answer(string id, CommandResult result) => string.Join(' ', id, result.Version.ToString(CultureInfo.InvariantCulture), result.Started ?? "");

    /// <summary>Null: no such command was taken.</summary>
    public CommandResult? AnswerTo(string id, string key)
    {
        foreach (var entry in Seen)
            if (entry.Split(' ') is [var one, var version, var started] && one == id) return new(key, long.Parse(version, CultureInfo.InvariantCulture), Started: started.Length > 0 ? started : null);
        return null;
    }
}
