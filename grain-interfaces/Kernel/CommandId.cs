using Orleans.Runtime;

namespace ProdSprint.Kernel;

/// <summary>
/// Which command this is, where whoever gives it may give it once more without knowing what came of the first time: a machine that has taken it answers as it did then. It travels beside the
/// command to the first grain that takes it; what that leads to are other commands.
/// </summary>
public static class CommandId
{
    private const string Key = "prodsprint.command-id";

    public static void Set(string id) => RequestContext.Set(Key, id);

    public static void Clear() => RequestContext.Remove(Key);

    /// <summary>Null: it is like no other.</summary>
    public static string? Take()
    {
        if (RequestContext.Get(Key) is not string id) return null;
        Clear();
        return id;
    }
}
