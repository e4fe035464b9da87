using System.Data.Common;
using Orleans.Storage;

namespace Orleans.Configuration;

public class ClusterOptions
{
    public const string DefaultClusterId = "default";
    public const string DefaultServiceId = "default";

    public string ClusterId { get; set; } = DefaultClusterId;

    /// <summary>Part of the key of every row: it must never change, or stored states are not found again.</summary>
    public string ServiceId { get; set; } = DefaultServiceId;
}

public class SiloOptions
{
    public string? SiloName { get; set; }
}

/// <summary>When idle grains leave memory.</summary>
public class GrainCollectionOptions
{
    public static readonly TimeSpan DEFAULT_COLLECTION_QUANTUM = TimeSpan.FromMinutes(1);
    public static readonly TimeSpan DEFAULT_ACTIVATION_TIMEOUT = TimeSpan.FromSeconds(30);
    public static readonly TimeSpan DEFAULT_DEACTIVATION_TIMEOUT = TimeSpan.FromSeconds(30);

    /// <summary>How long a grain may be idle. Must be longer than <see cref="CollectionQuantum"/>.</summary>
    public TimeSpan CollectionAge { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>Ages by full name of the grain class.</summary>
    public Dictionary<string, TimeSpan> ClassSpecificCollectionAge { get; set; } = [];

    /// <summary>How often idle grains are looked for.</summary>
    public TimeSpan CollectionQuantum { get; set; } = DEFAULT_COLLECTION_QUANTUM;

    public TimeSpan ActivationTimeout { get; set; } = DEFAULT_ACTIVATION_TIMEOUT;

    public TimeSpan DeactivationTimeout { get; set; } = DEFAULT_DEACTIVATION_TIMEOUT;

    public bool EnableActivationSheddingOnMemoryPressure { get; set; }
}

public abstract class MessagingOptions
{
    /// <summary>How long a caller waits for an answer before it gets a <see cref="TimeoutException"/>.</summary>
    public TimeSpan ResponseTimeout { get; set; } = TimeSpan.FromSeconds(30);

    public TimeSpan ResponseTimeoutWithDebugger { get; set; } = TimeSpan.FromMinutes(30);

    public int MaxMessageBodySize { get; set; } = 100 * 1024 * 1024;

    public bool DropExpiredMessages { get; set; } = true;

    public bool CancelRequestOnTimeout { get; set; } = true;

    public bool WaitForCancellationAcknowledgement { get; set; }
}

public class SiloMessagingOptions : MessagingOptions
{
    public TimeSpan SystemResponseTimeout { get; set; } = TimeSpan.FromSeconds(30);

    public TimeSpan MaxRequestProcessingTime { get; set; } = TimeSpan.FromHours(2);

    public int MaxEnqueuedRequestsSoftLimit { get; set; }

    public int MaxEnqueuedRequestsHardLimit { get; set; }
}

public class ClientMessagingOptions : MessagingOptions;

public class SchedulingOptions
{
    public TimeSpan ActivationSchedulingQuantum { get; set; } = TimeSpan.FromMilliseconds(100);

    public TimeSpan TurnWarningLengthThreshold { get; set; } = TimeSpan.FromSeconds(1);
}

/// <summary>Accepted so that one configuration serves both engines: one process has no membership.</summary>
public class ClusterMembershipOptions
{
    public TimeSpan ProbeTimeout { get; set; } = TimeSpan.FromSeconds(5);

    public TimeSpan TableRefreshTimeout { get; set; } = TimeSpan.FromMinutes(1);

    public TimeSpan IAmAliveTablePublishTimeout { get; set; } = TimeSpan.FromSeconds(30);

    public TimeSpan DeathVoteExpirationTimeout { get; set; } = TimeSpan.FromMinutes(2);

    public TimeSpan? DefunctSiloCleanupPeriod { get; set; } = TimeSpan.FromHours(1);

    public TimeSpan DefunctSiloExpiration { get; set; } = TimeSpan.FromDays(7);

    public int NumMissedProbesLimit { get; set; } = 3;

    public int NumProbedSilos { get; set; } = 10;

    public int NumVotesForDeathDeclaration { get; set; } = 2;
}

/// <summary>Accepted so that one configuration serves both engines: one process listens to nobody.</summary>
public class EndpointOptions
{
    public const int DEFAULT_SILO_PORT = 11111;
    public const int DEFAULT_GATEWAY_PORT = 30000;

    public System.Net.IPAddress? AdvertisedIPAddress { get; set; }

    public int SiloPort { get; set; } = DEFAULT_SILO_PORT;

    public int GatewayPort { get; set; } = DEFAULT_GATEWAY_PORT;

    public System.Net.IPEndPoint? SiloListeningEndpoint { get; set; }

    public System.Net.IPEndPoint? GatewayListeningEndpoint { get; set; }
}

/// <summary>Accepted so that one configuration serves both engines: there is no gateway to look for.</summary>
public class GatewayOptions
{
    public TimeSpan GatewayListRefreshPeriod { get; set; } = TimeSpan.FromMinutes(1);
}

/// <summary>Which grain classes this silo hosts: all that were found, less what a configuration takes out.</summary>
public class GrainTypeOptions
{
    public HashSet<Type> Classes { get; } = [];
}

public class MemoryGrainStorageOptions : IStorageProviderSerializerOptions
{
    public int NumStorageGrains { get; set; } = 10;

    public IGrainStorageSerializer GrainStorageSerializer { get; set; } = null!;
}

public class AdoNetGrainStorageOptions : IStorageProviderSerializerOptions
{
    /// <summary>The embedded engine knows "Npgsql".</summary>
    public string Invariant { get; set; } = "Microsoft.Data.SqlClient";

    public string? ConnectionString { get; set; }

    public DbDataSource? DataSource { get; set; }

    /// <summary>Delete the row on clear instead of keeping it with an empty payload.</summary>
    public bool DeleteStateOnClear { get; set; }

    public IGrainStorageSerializer GrainStorageSerializer { get; set; } = null!;
}

public class AdoNetClusteringSiloOptions
{
    public string Invariant { get; set; } = "";

    public string? ConnectionString { get; set; }

    public DbDataSource? DataSource { get; set; }
}

public class AdoNetClusteringClientOptions
{
    public string Invariant { get; set; } = "";

    public string? ConnectionString { get; set; }

    public DbDataSource? DataSource { get; set; }
}

public class AdoNetReminderTableOptions
{
    public string Invariant { get; set; } = "";

    public string? ConnectionString { get; set; }

    public DbDataSource? DataSource { get; set; }
}

/// <summary>How hard the delivery of a stream's event is tried.</summary>
public class StreamPullingAgentOptions
{
    public static readonly TimeSpan DEFAULT_MAX_EVENT_DELIVERY_TIME = TimeSpan.FromMinutes(1);

    public TimeSpan GetQueueMsgsTimerPeriod { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>After this time an event that its consumer keeps failing on is given up, and the consumer is told.</summary>
    public TimeSpan MaxEventDeliveryTime { get; set; } = DEFAULT_MAX_EVENT_DELIVERY_TIME;

    public TimeSpan StreamInactivityPeriod { get; set; } = TimeSpan.FromMinutes(30);
}

public class StreamPubSubOptions
{
    public Streams.StreamPubSubType PubSubType { get; set; }
}
