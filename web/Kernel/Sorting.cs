using ProdSprint.Data;

namespace ProdSprint.Kernel;

/// <summary><c>?sort=</c> of lists: the name of a field, backwards with '-'. A cursor is one of its order. Other words than the operation's are refused before (<see cref="DeclaredQuery"/>).</summary>
public static class Sorting
{
    public static ViewOrder ByTime(string? sort) => sort == "createdAt" ? ViewOrder.Oldest : ViewOrder.Newest;

    public static ViewOrder ByNameOrTime(string? sort) => sort switch
    {
        "-name" => ViewOrder.NameBackwards,
        "-createdAt" => ViewOrder.Newest,
        "createdAt" => ViewOrder.Oldest,
        _ => ViewOrder.Name,
    };
}
