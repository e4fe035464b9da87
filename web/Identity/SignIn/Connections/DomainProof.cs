using ProdSprint.Kernel;

namespace ProdSprint.Identity;

/// <summary>
/// A domain leads people to a connection, and has its provider believed about their addresses, so it is proven by a record that only whoever keeps the domain's DNS can make.
/// </summary>
public sealed class DomainProof(TxtLookup lookup, SignInOptions options)
{
    /// <summary>False: an Admin's word will do (not in Production, unless a setting says so).</summary>
    public bool Asked => options.DomainProof;

    /// <exception cref="ProblemException">409 <c>domain.not-proven</c>, 503 <c>domain.resolver-down</c>.</exception>
    public async Task ProveAsync(ConnectionDomain domain, CancellationToken cancellation)
    {
        IReadOnlyList<string> texts;
        try
        {
            texts = await lookup.AskAsync(domain.Record, cancellation);
        }
        catch (DnsException e)
        {
            throw new ProblemException(StatusCodes.Status503ServiceUnavailable, "domain.resolver-down", "The DNS could not be asked", $"{domain.Record} could not be looked up: {e.Message}.", "Try again; if it stays so, have whoever runs the server look at Identity__DnsServers");
        }
        if (Faults(domain, texts) is { } fault)
            throw new ProblemException(StatusCodes.Status409Conflict, "domain.not-proven", "Not proven yet", fault, $"Make a TXT record {domain.Record} with {domain.Value}, wait until the DNS shows it (often minutes, at most the record's TTL), and verify again");
    }

    /// <summary>Null: nobody could be asked, which says nothing of the record.</summary>
    public async Task<bool?> IsThereAsync(ConnectionDomain domain, CancellationToken cancellation)
    {
        try
        {
            return Faults(domain, await lookup.AskAsync(domain.Record, cancellation)) is null;
        }
        catch (DnsException)
        {
            return null;
        }
    }

    /// <summary>Null: it is proven. Other records beside ours are of no harm: others prove themselves there as well.</summary>
    public static string? Faults(ConnectionDomain domain, IReadOnlyList<string> texts) => texts.Contains(domain.Value, StringComparer.Ordinal) ? null
        : texts.Count == 0 ? $"There is no TXT record {domain.Record}."
        : texts.Any(t => t.Contains(domain.Value, StringComparison.OrdinalIgnoreCase)) ? $"The TXT record {domain.Record} has something before or after the value, or another case."
        : $"The TXT record {domain.Record} says something else.";
}
