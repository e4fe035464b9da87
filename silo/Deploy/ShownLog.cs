namespace ProdSprint.Deploy;

/// <summary>What a copy was given and nobody is shown.</summary>
public interface IHiddenValues
{
    Task<IReadOnlyList<HiddenValue>> ReadAsync(InstanceKey key, CancellationToken cancellation);
}

/// <param name="Name">Stands in its place.</param>
public sealed record HiddenValue(string Name, string Value);

/// <summary>
/// A program may print what it was given. Wherever people read its output, the name of a secret stands in the place of its value: in logs, and in why a start failed or a copy died. The file on
/// the target's own disk is the program's, and is as it wrote it.
/// </summary>
internal sealed class ShownLog(IHiddenValues hidden)
{
    /// <summary>What is shorter would be found in words that are no secret.</summary>
    private const int Shortest = 6;

    public async Task<string> ShowAsync(InstanceKey key, string text, CancellationToken cancellation)
    {
        if (text.Length == 0) return text;
        try
        {
            return Hide(text, await hidden.ReadAsync(key, cancellation));
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return $"(Output is not shown while it cannot be seen what of it is secret: {e.GetType().Name})\n";
        }
    }

    /// <summary>For output that is shown while it comes: what is hidden is read once, before there is any.</summary>
    public async Task<Func<string, string>> HiderAsync(InstanceKey key, CancellationToken cancellation)
    {
        var values = await hidden.ReadAsync(key, cancellation);
        return text => Hide(text, values);
    }

    /// <summary>Also as it stands in an address and in JSON, and each line of one that has several. The longest first: an address holds its password.</summary>
    internal static string Hide(string text, IEnumerable<HiddenValue> values)
    {
        var forms = values.SelectMany(v => v.Value.Split('\n', StringSplitOptions.TrimEntries).Append(v.Value)
            .SelectMany(part => (string[])[part, Uri.EscapeDataString(part), System.Text.Json.JsonEncodedText.Encode(part).ToString()])
            .Select(form => (v.Name, Form: form)));
        foreach (var (name, form) in forms.Where(f => f.Form.Length >= Shortest).Distinct().OrderByDescending(f => f.Form.Length)) text = text.Replace(form, $"[secret {name}]", StringComparison.Ordinal);
        return text;
    }
}

internal sealed class NothingHidden : IHiddenValues
{
    public Task<IReadOnlyList<HiddenValue>> ReadAsync(InstanceKey key, CancellationToken cancellation) => Task.FromResult<IReadOnlyList<HiddenValue>>([]);
}
