using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Dymes.Membership.Quorum;
using Dymes.Membership.Quorum.Register;
using Dymes.Programs.Replicas;

namespace Dymes.Membership.Tests.Quorum;

public sealed class RegisterPortTests
{
    private static readonly AcceptorRequest Tell = new(AcceptorVerb.Tell);

    [Fact]
    public async Task Strangers_are_cut_off_and_silos_are_answered_beside_them()
    {
        await using var silos = await QuorumSilos.StartAsync("port");
        var frame = RegisterFrame.Of(JsonSerializer.SerializeToUtf8Bytes(new RegisterQuestion("port", null, Tell), RegisterJson.Default.RegisterQuestion));
        var damaged = frame.ToArray();
        damaged[^2] ^= 1;
        byte[][] said =
        [
            Encoding.ASCII.GetBytes(new string('x', 100)), [.. "DYMR"u8, .. Enumerable.Repeat((byte)0xff, 40)], damaged, RegisterFrame.Of("null"u8), RegisterFrame.Of("""{"cluster":"port","request":null}"""u8), frame[..^1],
        ];
        foreach (var bytes in said)
        {
            using var client = await ConnectAsync(silos, 1);
            await client.SendAsync(bytes);
            client.Shutdown(SocketShutdown.Send);
            Assert.DoesNotContain("\"state\"", await HearAsync(client), StringComparison.Ordinal);
        }

        Assert.NotNull((await Path(silos, 1, null).AskAsync(Tell))?.State);
    }

    [Fact]
    public async Task A_thousand_that_say_nothing_leave_room_again()
    {
        await using var silos = await QuorumSilos.StartAsync("port");
        var idle = await Task.WhenAll(Enumerable.Range(0, 1000).Select(_ => ConnectAsync(silos, 2)));
        Assert.All(await Task.WhenAll(idle.Select(client => client.ReceiveAsync(new byte[1]))), count => Assert.Equal(0, count));
        Array.ForEach(idle, client => client.Dispose());
        Assert.NotNull((await Path(silos, 2, null).AskAsync(Tell))?.State);
    }

    [Theory]
    [InlineData("elsewhere", 1, "a,b,c", "cluster.id", "'elsewhere'")]
    [InlineData("port", 2, "a,b,c", "cluster.epoch", "epoch 2")]
    [InlineData("port", 1, "a,b,d", "cluster.replicas", "(a,b,d)")]
    public async Task A_silo_of_another_group_is_refused_with_both_values(string cluster, int epoch, string names, string field, string its)
    {
        await using var silos = await QuorumSilos.StartAsync("port");
        var path = Path(silos, 1, new ReplicaGroup(cluster, epoch, "a", names));
        Assert.Null(await path.AskAsync(new AcceptorRequest(AcceptorVerb.Promise, new Ballot(9, 0))));
        Assert.Equal(field, path.Refusal?.Field);
        Assert.Contains(its, path.Refusal!.Message, StringComparison.Ordinal);
        Assert.True((await Path(silos, 1, null).AskAsync(Tell))!.State!.Promised < new Ballot(9, 0));
    }

    [Fact]
    public async Task A_gateway_may_look_and_not_touch()
    {
        await using var silos = await QuorumSilos.StartAsync("port");
        Assert.Null(await Path(silos, 1, null).AskAsync(new AcceptorRequest(AcceptorVerb.Promise, new Ballot(9, 0))));
        Assert.NotNull((await Path(silos, 1, null).AskAsync(Tell))?.State);
    }

    [Fact]
    public async Task A_silo_at_the_place_of_another_is_found_out()
    {
        await using var silos = await QuorumSilos.StartAsync("port");
        var path = new RemoteAcceptor(silos.Replicas.Seats[1] with { Name = "c" }, "port", new ReplicaGroup("port", 1, "a", "a,b,c"), TimeProvider.System);
        Assert.Null(await path.AskAsync(Tell));
        Assert.Contains("the place of 'c', is the silo 'b'", path.Trouble, StringComparison.Ordinal);
    }

    private static RemoteAcceptor Path(QuorumSilos silos, int to, ReplicaGroup? from) => new(silos.Replicas.Seats[to], from?.ClusterId ?? "port", from, TimeProvider.System);

    private static async Task<string> HearAsync(Socket client)
    {
        var heard = new List<byte>();
        var buffer = new byte[4096];
        try
        {
            while (await client.ReceiveAsync(buffer) is > 0 and var count)
            {
                heard.AddRange(buffer.AsSpan(0, count));
            }
        }
        catch (SocketException)
        {
            // cut off before it had heard all
        }

        return Encoding.UTF8.GetString([.. heard]);
    }

    private static async Task<Socket> ConnectAsync(QuorumSilos silos, int to)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync("127.0.0.1", silos.Replicas.Seats[to].SiloPort);
        return socket;
    }
}
