namespace ProdSprint.Tenants;

/// <summary>Which bucket a request is paid from.</summary>
public enum RateTier
{
    /// <summary>Looks.</summary>
    Read,

    /// <summary>Changes something.</summary>
    Write,

    /// <summary>Goes through everything there is: exports, verifications.</summary>
    Heavy,

    /// <summary>By somebody who is no member, or nobody known: by address.</summary>
    Stranger,

    /// <summary>Tries a secret: by address, and the strictest, because guessing is what it is there against.</summary>
    SignIn,
}

/// <summary>A bucket of requests.</summary>
public sealed class RateLimit
{
    /// <summary>Requests a second for good; may be a fraction.</summary>
    public double PerSecond { get; set; }

    /// <summary>Requests at once after a pause.</summary>
    public int Burst { get; set; }
}
