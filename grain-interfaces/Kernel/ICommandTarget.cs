namespace ProdSprint.Kernel;

/// <summary>A grain that takes commands of other grains, sent through the outbox. Reached by <c>GrainId.Create(kind, key)</c>.</summary>
[Alias("kernel.ICommandTarget")]
public interface ICommandTarget : IGrainWithStringKey
{
    /// <param name="effectId">Identity of the sender's effect: a second delivery changes nothing.</param>
    /// <param name="commandJson">The receiver's command type, polymorphic JSON.</param>
    [Alias("Told")]
    Task Told(string effectId, string commandJson);
}
