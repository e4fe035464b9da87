using ProdSprint.Data;

namespace ProdSprint.Kernel;

/// <summary><c>?sort=</c> of lists: the name of a field, backwards with '-'. A cursor is one of its order.</summary>
public static class Sorting
{
    public static ViewOrder ByTime(string? sort) => sort switch
    {
        null or "" or "-createdAt" => ViewOrder.Newest,
        "createdAt" => ViewOrder.Oldest,
        _ => throw Unknown(sort, "-createdAt or createdAt"),
    };

    public static ViewOrder ByNameOrTime(string? sort) => sort switch
    {
        null or "" or "name" => ViewOrder.Name,
        "-name" => ViewOrder.NameBackwards,
        "-createdAt" => ViewOrder.Newest,
        "createdAt" => ViewOrder.Oldest,
        _ => throw Unknown(sort, "name, -name, createdAt or -createdAt"),
    };

    private static ProblemException Unknown(string sort, string words) =>
        ProblemException.Invalid("sort.unknown", $"'{(sort.Length > 60 ? sort[..60] + "…" : sort)}' is nothing to sort by here.", $"Sort by {words}");
}
