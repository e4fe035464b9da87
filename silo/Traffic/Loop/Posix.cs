using System.Net;
using System.Runtime.InteropServices;

namespace ProdSprint.Traffic;

/// <summary>
/// The kernel calls of the event loop. .NET's own sockets cost two calls more per message (a receive that would block, an await through the thread pool),
/// which is what separates a forwarder on them from HAProxy; see docs/router.md. Linux only.
/// </summary>
internal static unsafe partial class Posix
{
    public const int Again = 11, Interrupted = 4, InProgress = 115, TimedOut = 110, NoAddressLeft = 99, TooManyFiles = 24, TooManyFilesInSystem = 23;
    public const uint In = 1, Out = 4, Err = 8, Hup = 0x10, RdHup = 0x2000, EdgeTriggered = 1u << 31;
    public const int Add = 1, Delete = 2;
    public const int NonBlockCloseOnExec = 0x800 | 0x80000;
    private const int InterNet = 2, Stream = 1, SolSocket = 1, SoReuseAddress = 2, SoError = 4, Tcp = 6, NoDelay = 1, KeepAlive = 9;
    public const int ShutWrite = 1;
    public const int NoSignal = 0x4000, Peek = 2;

    /// <summary>struct epoll_event is packed on x86-64 only.</summary>
    public static readonly int EventSize = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;
    public static readonly int EventDataOffset = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;

    [LibraryImport("libc", SetLastError = true)] public static partial int epoll_create1(int flags);
    [LibraryImport("libc", SetLastError = true)] private static partial int epoll_ctl(int epoll, int op, int fd, byte* ev);
    [LibraryImport("libc", SetLastError = true)] public static partial int epoll_wait(int epoll, byte* events, int max, int timeoutMs);
    [LibraryImport("libc", SetLastError = true)] public static partial int eventfd(uint initial, int flags);
    [LibraryImport("libc", SetLastError = true)] public static partial nint read(int fd, void* buffer, nint count);
    [LibraryImport("libc", SetLastError = true)] public static partial nint write(int fd, void* buffer, nint count);
    [LibraryImport("libc", SetLastError = true)] public static partial nint recv(int fd, byte* buffer, nint length, int flags);
    [LibraryImport("libc", SetLastError = true)] public static partial nint send(int fd, byte* buffer, nint length, int flags);
    [LibraryImport("libc")] public static partial int close(int fd);
    [LibraryImport("libc")] public static partial int shutdown(int fd, int how);
    [LibraryImport("libc", SetLastError = true)] private static partial int socket(int family, int type, int protocol);
    [LibraryImport("libc", SetLastError = true)] private static partial int bind(int fd, byte* address, int length);
    [LibraryImport("libc", SetLastError = true)] private static partial int listen(int fd, int backlog);
    [LibraryImport("libc", SetLastError = true)] private static partial int connect(int fd, byte* address, int length);
    [LibraryImport("libc", SetLastError = true)] private static partial int accept4(int fd, byte* address, int* length, int flags);
    [LibraryImport("libc", SetLastError = true)] private static partial int setsockopt(int fd, int level, int name, int* value, int length);
    [LibraryImport("libc", SetLastError = true)] private static partial int getsockopt(int fd, int level, int name, int* value, int* length);
    [LibraryImport("libc", SetLastError = true)] private static partial int getsockname(int fd, byte* address, int* length);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)] private static partial int open(string path, int flags, int mode);
    [LibraryImport("libc", SetLastError = true)] private static partial int fsync(int fd);

    public static void FlushDirectory(string directory)
    {
        var fd = open(directory, 0x80000, 0);
        if (fd < 0) throw Failure($"open {directory}");
        var failed = fsync(fd) != 0;
        var failure = failed ? Failure($"fsync {directory}") : null;
        _ = close(fd);
        if (failure is not null) throw failure;
    }

    public static int LastError => Marshal.GetLastPInvokeError();

    public static void Register(int epoll, int fd, uint events, ulong data)
    {
        var ev = stackalloc byte[16];
        *(uint*)ev = events;
        *(ulong*)(ev + EventDataOffset) = data;
        if (epoll_ctl(epoll, Add, fd, ev) != 0) throw Failure("epoll_ctl");
    }

    public static void Unregister(int epoll, int fd)
    {
        var ev = stackalloc byte[16];
        _ = epoll_ctl(epoll, Delete, fd, ev);
    }

    /// <summary>A listening socket; port 0 lets the kernel choose.</summary>
    public static int Listen(IPEndPoint at, out int port)
    {
        var fd = socket(InterNet, Stream | NonBlockCloseOnExec, 0);
        if (fd < 0) throw Failure("socket");
        var one = 1;
        _ = setsockopt(fd, SolSocket, SoReuseAddress, &one, sizeof(int));
        var address = stackalloc byte[16];
        Write(at, address);
        if (bind(fd, address, 16) != 0 || listen(fd, 4096) != 0)
        {
            var failure = Failure($"listen on {at}");
            _ = close(fd);
            throw failure;
        }
        var length = 16;
        _ = getsockname(fd, address, &length);
        port = (address[2] << 8) | address[3];
        return fd;
    }

    /// <summary>The next waiting connection, or a negative error number. <paramref name="peer"/> is its IPv4 address in network order.</summary>
    public static int Accept(int listener, out uint peer)
    {
        var address = stackalloc byte[16];
        var length = 16;
        var fd = accept4(listener, address, &length, NonBlockCloseOnExec);
        peer = *(uint*)(address + 4);
        if (fd < 0) return -LastError;
        SetNoDelay(fd);
        return fd;
    }

    /// <summary>Begins a connection; it is made when the socket turns writable and <see cref="ConnectError"/> says 0. Negative: the error number.</summary>
    public static int Connect(IPEndPoint to, out bool made)
    {
        made = false;
        var fd = socket(InterNet, Stream | NonBlockCloseOnExec, 0);
        if (fd < 0) return -LastError;
        SetNoDelay(fd);
        var address = stackalloc byte[16];
        Write(to, address);
        made = connect(fd, address, 16) == 0;
        if (made || LastError == InProgress) return fd;
        var error = LastError;
        _ = close(fd);
        return -error;
    }

    public static int ConnectError(int fd)
    {
        int error = 0, length = sizeof(int);
        _ = getsockopt(fd, SolSocket, SoError, &error, &length);
        return error;
    }

    public static Exception Failure(string what) =>
        new System.ComponentModel.Win32Exception(LastError, $"{what}: {Marshal.GetPInvokeErrorMessage(LastError)}");

    private static void SetNoDelay(int fd)
    {
        var one = 1;
        _ = setsockopt(fd, Tcp, NoDelay, &one, sizeof(int));
        _ = setsockopt(fd, SolSocket, KeepAlive, &one, sizeof(int));
    }

    private static void Write(IPEndPoint at, byte* address)
    {
        new Span<byte>(address, 16).Clear();
        *(ushort*)address = InterNet;
        address[2] = (byte)(at.Port >> 8);
        address[3] = (byte)at.Port;
        at.Address.MapToIPv4().TryWriteBytes(new Span<byte>(address + 4, 4), out _);
    }
}
