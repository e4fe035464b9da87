namespace Orleans.Runtime
{
    /// <summary>The base of what the engine itself throws.</summary>
    [GenerateSerializer]
    public class OrleansException : Exception
    {
        public OrleansException() : base("Unexpected error.")
        {
        }

        public OrleansException(string message) : base(message)
        {
        }

        public OrleansException(string message, Exception innerException) : base(message, innerException)
        {
        }
    }

    /// <summary>The call did not reach its grain: the silo is stopping or the request was refused.</summary>
    [GenerateSerializer]
    public class OrleansMessageRejectionException : OrleansException
    {
        internal OrleansMessageRejectionException(string message) : base(message)
        {
        }

        internal OrleansMessageRejectionException(string message, Exception innerException) : base(message, innerException)
        {
        }
    }

    [GenerateSerializer]
    public class SiloUnavailableException : OrleansMessageRejectionException
    {
        public SiloUnavailableException() : base("Silo is unavailable.")
        {
        }

        public SiloUnavailableException(string message) : base(message)
        {
        }
    }

    /// <summary>The configuration cannot work; the message says what to change.</summary>
    [GenerateSerializer]
    public class OrleansConfigurationException : Exception
    {
        public OrleansConfigurationException(string message) : base(message)
        {
        }

        public OrleansConfigurationException(string message, Exception innerException) : base(message, innerException)
        {
        }
    }

    /// <summary>A grain has more calls waiting than its limit allows.</summary>
    [GenerateSerializer]
    public class LimitExceededException : OrleansException
    {
        public LimitExceededException(string message) : base(message)
        {
        }
    }

    [GenerateSerializer]
    public class OrleansLifecycleCanceledException(string message) : OrleansException(message);

    [GenerateSerializer]
    public sealed class ReminderException(string message) : OrleansException(message);

    /// <summary>An observer reference leads nowhere any more.</summary>
    [GenerateSerializer]
    public class ClientNotAvailableException : OrleansException
    {
        internal ClientNotAvailableException(GrainId clientId) : base($"No activation for client {clientId}")
        {
        }
    }
}

namespace Orleans.Storage
{
    using Orleans.Runtime;

    /// <summary>The row was changed by someone else since it was read.</summary>
    [GenerateSerializer]
    public class InconsistentStateException : OrleansException
    {
        public InconsistentStateException()
        {
        }

        public InconsistentStateException(string message) : base(message)
        {
        }

        public InconsistentStateException(string message, Exception? innerException) : base(message, innerException!)
        {
        }

        public InconsistentStateException(string errorMsg, string? storedEtag, string? currentEtag) : base(errorMsg)
        {
            StoredEtag = storedEtag;
            CurrentEtag = currentEtag;
        }

        public InconsistentStateException(string errorMsg, string? storedEtag, string? currentEtag, Exception? storageException)
            : base(errorMsg, storageException!)
        {
            StoredEtag = storedEtag;
            CurrentEtag = currentEtag;
        }

        public InconsistentStateException(string? storedEtag, string? currentEtag, Exception storageException)
            : this(storageException.Message, storedEtag, currentEtag, storageException)
        {
        }

        [Id(1)]
        public string? StoredEtag { get; }

        [Id(2)]
        public string? CurrentEtag { get; }

        public override string ToString() =>
            $"{GetType().Name}: {Message} Expected Etag={CurrentEtag}, Received Etag={StoredEtag} {InnerException}";
    }

    /// <summary>The storage provider was configured in a way it cannot work with.</summary>
    [GenerateSerializer]
    public class BadProviderConfigException : OrleansException
    {
        public BadProviderConfigException(string message) : base(message)
        {
        }
    }
}

namespace Orleans.Serialization
{
    [GenerateSerializer]
    public class SerializerException : Exception
    {
        public SerializerException(string message) : base(message)
        {
        }
    }

    /// <summary>A type that nobody said how to serialize was about to cross a boundary.</summary>
    [GenerateSerializer]
    public sealed class CodecNotFoundException(string message) : SerializerException(message);
}
