using System.Net;
using System.Net.Sockets;
using Dymes.Http.Tests.Server;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;

namespace Dymes.Http.Tests.Operating;

public sealed class LameDuckTests
{
    private const string Live = "GET /observe/health/live HTTP/1.1\r\nHost: x\r\n\r\n";
    private const string Nowhere = "GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n";
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Live, "Alive.")]
    [InlineData(Nowhere, "urn:dymes:problem:not-found")]
    public async Task A_request_that_comes_while_the_server_leaves_is_answered_and_its_client_asked_to_leave_too(string request, string answer)
    {
        await using var server = await DymesServer.StartAsync();
        server.Services.GetRequiredService<LameDuck>().Patience = Deadline;
        using var client = await RawConnection.OpenAsync(server.Address);
        await client.SendAsync(Live);
        Assert.True(await client.SeeAsync("Alive."));
        Assert.DoesNotContain("Connection: close", client.Seen, StringComparison.Ordinal);

        var stop = server.StopAsync();
        while (!client.Seen.Contains("Connection: close", StringComparison.Ordinal)) // it leaves a moment after it was told to
        {
            client.Forget();
            await client.SendAsync(request);
            Assert.True(await client.SeeAsync(answer));
        }

        Assert.False(await client.SeeAsync("more"));
        await Assert.ThrowsAnyAsync<SocketException>(() => RawConnection.OpenAsync(server.Address));
        await stop.WaitAsync(Deadline); // the last connection is gone
    }

    [Fact]
    public async Task A_server_without_connections_stops_at_once()
    {
        await using var server = await DymesServer.StartAsync();
        server.Services.GetRequiredService<LameDuck>().Patience = TimeSpan.FromHours(1);

        await server.StopAsync().WaitAsync(Deadline);
    }

    [Fact]
    public async Task Who_is_connected_and_silent_holds_up_no_stop()
    {
        await using var server = await DymesServer.StartAsync();
        server.Services.GetRequiredService<LameDuck>().Patience = TimeSpan.FromMilliseconds(10);
        using var client = await RawConnection.OpenAsync(server.Address);
        await client.SendAsync(Live);
        Assert.True(await client.SeeAsync("Alive."));

        await server.StopAsync().WaitAsync(Deadline);

        Assert.False(await client.SeeAsync("more"));
    }

    [Fact]
    public async Task Who_has_connected_is_accepted_before_listening_ends()
    {
        await using var server = await DymesServer.StartAsync();
        server.Services.GetRequiredService<LameDuck>().Patience = Deadline;
        await using var listener = await server.Services.GetRequiredService<IConnectionListenerFactory>().BindAsync(new IPEndPoint(IPAddress.Loopback, 0), Cancellation);
        using var client = new TcpClient();
        await client.ConnectAsync((IPEndPoint)listener.EndPoint, Cancellation);

        var unbind = listener.UnbindAsync(Cancellation).AsTask();
        Assert.False(unbind.IsCompleted);
        await using var accepted = await listener.AcceptAsync(Cancellation);
        await accepted!.Transport.Output.WriteAsync("Here."u8.ToArray(), Cancellation);

        Assert.Equal('H', client.GetStream().ReadByte());
        await accepted.DisposeAsync();
        await unbind.WaitAsync(Deadline, Cancellation);
    }
}
