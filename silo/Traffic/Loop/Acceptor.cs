using System.Runtime.InteropServices;

namespace ProdSprint.Traffic;

/// <summary>Waits for new connections on all listening ports and hands them to the loops in turn, so that few busy clients load the cores evenly.</summary>
internal sealed unsafe class Acceptor : IDisposable
{
    private readonly int _epoll;
    private readonly Thread _thread;
    private readonly Action<Listener, int, uint> _accepted;
    private readonly Lock _gate = new();
    private readonly Dictionary<int, Listener> _listeners = [];
    private volatile bool _stopping;

    public Acceptor(Action<Listener, int, uint> accepted)
    {
        _accepted = accepted;
        _epoll = Posix.epoll_create1(0x80000);
        if (_epoll < 0) throw Posix.Failure("epoll_create1");
        _thread = new Thread(Run) { IsBackground = true, Name = "router acceptor" };
    }

    public void Start() => _thread.Start();

    public void Add(Listener listener)
    {
        lock (_gate) _listeners[listener.Fd] = listener;
        Posix.Register(_epoll, listener.Fd, Posix.In, (uint)listener.Fd);
    }

    /// <summary>Connections that wait to be accepted are still taken, then the port is closed.</summary>
    public void Remove(Listener listener)
    {
        Drain(listener);
        lock (_gate) _listeners.Remove(listener.Fd);
        Posix.Unregister(_epoll, listener.Fd);
        _ = Posix.close(listener.Fd);
    }

    public void Dispose()
    {
        _stopping = true;
        if (_thread.IsAlive) _thread.Join(TimeSpan.FromSeconds(5));
        foreach (var listener in _listeners.Values.ToArray()) Remove(listener);
        _ = Posix.close(_epoll);
    }

    private void Run()
    {
        var events = (byte*)NativeMemory.Alloc((nuint)(64 * Posix.EventSize));
        while (!_stopping)
        {
            var n = Posix.epoll_wait(_epoll, events, 64, 500);
            for (var i = 0; i < n; i++)
            {
                var fd = (int)*(ulong*)(events + i * Posix.EventSize + Posix.EventDataOffset);
                Listener? listener;
                lock (_gate) _listeners.TryGetValue(fd, out listener);
                // Out of descriptors: the connection stays in the kernel's queue until one is free; spinning would not help it.
                if (listener is not null && !Drain(listener)) Thread.Sleep(10);
            }
        }
        NativeMemory.Free(events);
    }

    private bool Drain(Listener listener)
    {
        for (var i = 0; i < 1024; i++)
        {
            var fd = Posix.Accept(listener.Fd, out var peer);
            if (fd >= 0) _accepted(listener, fd, peer);
            else if (-fd is Posix.Again) return true;
            else if (-fd is Posix.TooManyFiles or Posix.TooManyFilesInSystem) return false;
        }
        return true;
    }
}
