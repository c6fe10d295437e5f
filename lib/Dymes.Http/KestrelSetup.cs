using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Dymes.Http;

/// <summary>Kestrel's limits, set on purpose. Silo and gateway share it.</summary>
public static class KestrelSetup
{
    private const int HeadersBytesMax = 32 * 1024;
    private const int RequestLineBytesMax = 16 * 1024;
    private const int OutputBytesMax = 1024 * 1024;
    private static readonly TimeSpan BodyGrace = TimeSpan.FromSeconds(10);

    /// <summary>Sets the limits of a server.</summary>
    public static void Apply(KestrelServerOptions kestrel, HttpLimits limits)
    {
        limits.Validate();
        kestrel.AddServerHeader = false;

        // The endpoints bound bodies themselves: a single request by RequestBytesMax, a batch line by line.
        kestrel.Limits.MaxRequestBodySize = null;
        kestrel.Limits.MaxConcurrentConnections = limits.ConnectionsMax;
        kestrel.Limits.MaxRequestHeadersTotalSize = HeadersBytesMax;
        kestrel.Limits.MaxRequestLineSize = RequestLineBytesMax;
        kestrel.Limits.RequestHeadersTimeout = limits.HeadersTimeout;
        kestrel.Limits.KeepAliveTimeout = limits.KeepAliveTimeout;
        kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(limits.BodyBytesPerSecondMin, BodyGrace);
        kestrel.Limits.MinResponseDataRate = new MinDataRate(limits.BodyBytesPerSecondMin, BodyGrace);

        // A range scan goes out in pages of a megabyte: with less room it would wait for the socket every 64 KiB.
        kestrel.Limits.MaxResponseBufferSize = OutputBytesMax;
    }
}
