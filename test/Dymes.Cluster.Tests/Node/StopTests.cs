using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Dymes.Client;
using Dymes.Message.Log;
using Dymes.Testing;

namespace Dymes.Cluster.Tests.Node;

/// <summary>How a node ends while it is in use: when it is asked to, and when it is not.</summary>
public sealed class StopTests : IDisposable
{
    private const int Clients = 16;
    private static readonly TimeSpan Seconds = TimeSpan.FromSeconds(30);
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("dymes-stop-");

    private string DataPath => Path.Combine(_directory.FullName, "data");

    public void Dispose() => _directory.Delete(recursive: true);

    [Theory]
    [InlineData(PosixSignal.Interrupt)]
    [InlineData(PosixSignal.Terminate)]
    public async Task A_signal_ends_a_node_under_load_in_seconds_and_loses_nothing(int signal)
    {
        Assert.SkipWhen(IsIgnored(signal), $"Signal {signal} is ignored by whoever started the tests, as in the background of a shell without job control, and so by the node.");
        var acknowledged = 0;
        await using (var node = await NodeProcess.StartAsync(DataPath))
        {
            using var idleBatch = await OpenAsync(node, "POST /api/v1/messages:batch HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n{}\n\r\n");
            using var reader = await OpenAsync(node, "GET /api/v1/subscribe HTTP/1.1\r\nHost: x\r\n\r\n");
            using var nonReader = await OpenAsync(node, "GET /api/v1/subscribe HTTP/1.1\r\nHost: x\r\n\r\n");
            var reading = reader.GetStream().CopyToAsync(Stream.Null);
            var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            using var http = new HttpClient { BaseAddress = node.Http };
            var load = Enumerable.Range(0, Clients).Select(_ => AppendAsync(http, () =>
            {
                if (Interlocked.Increment(ref acknowledged) == 2000)
                {
                    enough.SetResult();
                }
            })).ToArray();
            await enough.Task.WaitAsync(Deadline.OfWait);

            node.Signal(signal);

            Assert.Equal(0, await node.WaitForExitAsync().WaitAsync(Seconds));
            Assert.Equal("", node.Errors);
            await Task.WhenAll(load).WaitAsync(Deadline.OfWait);
            await Task.WhenAny(reading).WaitAsync(Deadline.OfWait);
        }

        await using var again = await NodeProcess.StartAsync(DataPath);
        using var client = new DymesClient(new DymesClientOptions { Addresses = [again.Http] });
        var stored = await client.ReadAllAsync();
        Assert.InRange(stored.Select(LogReading.BodyOf).Count(body => body.Length > 10_000), acknowledged, acknowledged + Clients);
    }

    [Fact]
    public async Task A_subscription_goes_on_behind_the_last_message_when_its_node_was_killed()
    {
        const int Half = 200;
        var node = await NodeProcess.StartAsync(DataPath);
        using var client = new DymesClient(new DymesClientOptions { Addresses = [node.Http] });
        await using var follower = LogFollower.Start(client, new MessageQuery());
        await client.AppendAsync(MessageDraft.Request([.. Enumerable.Range(0, Half).Select(Draft)]));
        var before = await follower.TakeAsync(Half / 2);

        await node.KillAsync();
        await node.DisposeAsync();
        await using var again = await NodeProcess.StartAsync(DataPath, node.Ports);
        await client.AppendAsync(MessageDraft.Request([.. Enumerable.Range(Half, Half).Select(Draft)]));
        var after = await follower.TakeAsync((2 * Half) - before.Count);

        var all = before.Concat(after).ToArray();
        Assert.Equal(Enumerable.Range(0, 2 * Half).Select(lsn => (ulong)lsn), all.Select(frame => LogReading.LsnOf(frame).Value));
        Assert.Equal(Enumerable.Range(0, 2 * Half).Select(number => Draft(number).Body), all.Select(LogReading.BodyOf));
    }

    private static MessageDraft Draft(int number) => new(number.ToString(CultureInfo.InvariantCulture));

    // Appends until the node says that it stops, or is gone. An append whose answer is lost is not counted: it must not be there twice, but may be there.
    // Processes inherit it from those that start them: proc_pid_status(5).
    private static bool IsIgnored(int signal)
    {
        var mask = File.ReadLines("/proc/self/status").First(line => line.StartsWith("SigIgn:", StringComparison.Ordinal))["SigIgn:".Length..].Trim();
        return (ulong.Parse(mask, NumberStyles.HexNumber, CultureInfo.InvariantCulture) >> (signal - 1) & 1) == 1;
    }

    private static async Task AppendAsync(HttpClient http, Action acknowledged)
    {
        var text = $$"""{"channel":"load","encoded_msg_body":"{{Convert.ToBase64String(Encoding.ASCII.GetBytes(new string('x', 12_000)))}}"}""";
        while (true)
        {
            try
            {
                using var body = new StringContent(text, Encoding.UTF8, "application/json");
                using var response = await http.PostAsync("api/v1/messages", body);
                if (response.StatusCode != HttpStatusCode.Created)
                {
                    Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
                    return;
                }

                acknowledged();
            }
            catch (HttpRequestException)
            {
                return;
            }
        }
    }

    private static async Task<TcpClient> OpenAsync(NodeProcess node, string request)
    {
        var connection = new TcpClient { ReceiveBufferSize = 4096 };
        await connection.ConnectAsync(IPAddress.Loopback, node.Ports.Http);
        await connection.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request));
        return connection;
    }
}
