using System.Collections.Immutable;
using Microsoft.AspNetCore.Http.HttpResults;
using ProdSprint.Identity;
using ProdSprint.Kernel;
using ProdSprint.Projects;

namespace ProdSprint.Tenants;

/// <summary>When nothing is released in any project of the workspace.</summary>
public static class FreezeApi
{
    /// <param name="Windows">Each as it is or comes next; they hold for projects beside their own.</param>
    public sealed record WorkspaceFreezeView(ImmutableArray<FreezeWindow> Windows, long StateVersion);

    public static void MapFreezeApi(this IEndpointRouteBuilder routes)
    {
        var freeze = routes.MapGroup("/v1/freeze").WithTags("Tenants");
        freeze.MapGet("", Get).WithName("GetWorkspaceFreeze").WithSummary("The freeze windows that hold for every project of the workspace");
        freeze.MapPut("", Set).WithName("SetWorkspaceFreeze").WithSummary("Replaces them; every project is told, also those that are imported later")
            .IfMatch(required: true).Refuses(422, "project.bad-window");
    }

    private static async Task<JsonBody<WorkspaceFreezeView>> Get(Caller caller, IGrainFactory grains) =>
        JsonBody<WorkspaceFreezeView>.Of(await Grain(grains, caller).View() is { } view ? new WorkspaceFreezeView(view.Freeze, view.StateVersion) : new([], 0));

    private static Task<Accepted<CommandAnswer>> Set(ProjectsApi.FreezeBody body, Caller caller, IGrainFactory grains) =>
        Grain(grains, caller).Do(new SetWorkspaceFreeze(body.Windows.Whole("windows"), caller.Actor, body.Reason)).Answer("/v1/freeze");

    private static IWorkspaceGrain Grain(IGrainFactory grains, Caller caller) => grains.GetGrain<IWorkspaceGrain>(GrainKeys.ForWorkspace(caller.Workspace));
}
