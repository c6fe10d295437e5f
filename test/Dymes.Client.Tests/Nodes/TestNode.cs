using System.Net;
using Dymes.Http;
using Dymes.Message.Log;
using Dymes.Testing.Model;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Dymes.Client.Tests.Nodes;

/// <summary>A real HTTP front door, over a log in memory, on a port of this machine that is free.</summary>
public sealed class TestNode : IAsyncDisposable
{
    private readonly WebApplication _server;

    private TestNode(WebApplication server, Uri address)
    {
        _server = server;
        Address = address;
    }

    public Uri Address { get; }

    /// <param name="log">What it serves; it outlives the node, as files outlive a process.</param>
    /// <param name="port">The port; 0: any.</param>
    /// <param name="clock">What it takes for now; null: the system's time.</param>
    public static async Task<TestNode> StartAsync(IMessageLog log, int port = 0, TimeProvider? clock = null)
    {
        var limits = new HttpLimits();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, port);
            KestrelSetup.Apply(kestrel, limits);
        });
        builder.Services.AddSingleton(log);
        builder.Services.AddSingleton<IMessageCursors>(new InMemoryMessageCursors(log));
        builder.Services.AddSingleton(clock ?? TimeProvider.System);
        builder.Services.AddDymesHttp(limits);
        var server = builder.Build();
        server.MapDymes();
        await server.StartAsync();
        return new TestNode(server, new Uri(server.Urls.Single()));
    }

    /// <summary>Ends it as a kill does: connections are cut, not closed politely.</summary>
    public async ValueTask DisposeAsync()
    {
        using var atOnce = new CancellationTokenSource();
        await atOnce.CancelAsync();
        await _server.StopAsync(atOnce.Token);
        await _server.DisposeAsync();
    }
}
