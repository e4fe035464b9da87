using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Hosting;
using Orleans.Runtime;

namespace Orleans.TestingHost;

public abstract class SiloHandle : IDisposable, IAsyncDisposable
{
    public string Name { get; set; } = "";

    public short InstanceNumber { get; set; }

    public SiloAddress SiloAddress { get; set; } = SiloAddress.Zero;

    public abstract bool IsActive { get; }

    public abstract Task StopSiloAsync(bool stopGracefully);

    public abstract Task StopSiloAsync(CancellationToken ct);

    public abstract ValueTask DisposeAsync();

    public void Dispose()
    {
        DisposeAsync().AsTask().GetAwaiter().GetResult();
        GC.SuppressFinalize(this);
    }

    public override string ToString() => $"{Name} {SiloAddress}";
}

/// <summary>A silo of a test cluster.</summary>
public class InProcessSiloHandle : SiloHandle
{
    private bool _active = true;

    public IHost SiloHost { get; init; } = null!;

    public IServiceProvider ServiceProvider => SiloHost.Services;

    public override bool IsActive => _active;

    public override async Task StopSiloAsync(bool stopGracefully)
    {
        if (!_active)
        {
            return;
        }

        _active = false;
        if (stopGracefully)
        {
            await SiloHost.StopAsync();
        }
        else
        {
            await ServiceProvider.GetRequiredService<SiloHostedService>().KillAsync();
        }
    }

    public override async Task StopSiloAsync(CancellationToken ct)
    {
        if (_active)
        {
            _active = false;
            await SiloHost.StopAsync(ct);
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await StopSiloAsync(stopGracefully: true);
        if (SiloHost is IAsyncDisposable host)
        {
            await host.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }
}
