using System.Net;
using System.Net.Sockets;
using Dymes.Membership.Quorum;
using Dymes.Programs.Replicas;
using Dymes.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Dymes.Membership.Tests.Quorum;

/// <summary>Three silos that keep the table of a cluster together, each with a data directory and a port; of a silo there is no more than that.</summary>
internal sealed class QuorumSilos : IAsyncDisposable
{
    private const string Names = "a,b,c";
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("dymes-quorum-");
    private readonly CancellationTokenSource _ending = new();
    private readonly List<TcpListener> _listeners = [];
    private readonly List<IHost> _hosts = [];

    private QuorumSilos(string clusterId)
    {
        Replicas = ReplicaList.Parse(Names.Split(',').Select(name => $"{name}=127.0.0.1:{FreePort.Take()}/{FreePort.Take()}"));
        Source = new MembershipSource(MembershipKind.Auto, clusterId) { Replicas = Replicas };
        foreach (var seat in Replicas.Seats)
        {
            var host = Host.CreateEmptyApplicationBuilder(null);
            host.UseOrleans(silo => silo.UseMembership(Source with { DataPath = Path.Combine(_directory.FullName, seat.Name) }, new ReplicaGroup(clusterId, 1, seat.Name, Names)));
            _hosts.Add(host.Build());
            var listener = new TcpListener(IPAddress.Loopback, seat.SiloPort);
            listener.Start();
            _listeners.Add(listener);
            _ = AcceptAsync(listener, Members[^1]);
        }
    }

    public ReplicaList Replicas { get; }

    public MembershipSource Source { get; }

    public IReadOnlyList<QuorumMember> Members => [.. _hosts.Select(host => host.Services.GetRequiredService<QuorumMember>())];

    public IReadOnlyList<IMembershipTable> Tables => [.. _hosts.Select(host => host.Services.GetRequiredService<IMembershipTable>())];

    public static async Task<QuorumSilos> StartAsync(string clusterId)
    {
        var silos = new QuorumSilos(clusterId);
        await Task.WhenAll(silos.Members.Select(member => member.JoinAsync(default)));
        return silos;
    }

    /// <summary>Lets nobody reach a silo any more.</summary>
    public void Close(int number) => _listeners[number].Stop();

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        _listeners.ForEach(listener => listener.Stop());
        _hosts.ForEach(host => host.Dispose());
        _directory.Delete(recursive: true);
    }

    private async Task AcceptAsync(TcpListener listener, QuorumMember member)
    {
        try
        {
            while (true)
            {
                _ = AnswerAsync(await listener.AcceptTcpClientAsync(_ending.Token), member);
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // closed
        }
    }

    private static async Task AnswerAsync(TcpClient client, QuorumMember member)
    {
        using (client)
        {
            await member.Port.AnswerAsync(client.GetStream(), client.GetStream());
        }
    }
}
