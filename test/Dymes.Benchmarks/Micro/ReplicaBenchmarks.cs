using BenchmarkDotNet.Attributes;
using Dymes.Vsr;
using Dymes.Vsr.Sessions;

namespace Dymes.Benchmarks.Micro;

/// <summary>What an entry costs a group of three: all steps of all replicas, from the request to its answer, without a network, a disk or bytes on the way.</summary>
[MemoryDiagnoser]
[ShortRunJob]
public class ReplicaBenchmarks
{
    private const int Clients = 64;
    private const int Replicas = 3;
    private readonly MemoryGroup _group = new(Replicas);
    private readonly ulong[] _sessions = new ulong[Clients];
    private readonly ClientRequest[] _requests = new ClientRequest[Clients];
    private byte[] _body = [];
    private ulong _number;

    /// <summary>The body of each entry.</summary>
    [Params(128, 1024, 16 * 1024)]
    public int EntryBytes { get; set; }

    /// <summary>The sessions that ask.</summary>
    [GlobalSetup]
    public void Register()
    {
        _body = new byte[EntryBytes];
        new Random(1).NextBytes(_body);
        for (var client = 0; client < Clients; client++)
        {
            _group.Submit([ClientRequest.Register(IdOf(client))]);
            _sessions[client] = _group.LastReply!.Session;
        }
    }

    /// <summary>As many entries in flight as there are clients.</summary>
    [Benchmark(OperationsPerInvoke = Clients)]
    public long Append()
    {
        _number++;
        for (var client = 0; client < Clients; client++)
        {
            _requests[client] = new ClientRequest(IdOf(client), _sessions[client], _number, _body);
        }

        var before = _group.Done;
        _group.Submit(_requests);
        return _group.Done - before == Clients ? _group.Done : throw new InvalidOperationException($"{_group.Done - before} of {Clients} requests were answered.");
    }

    private static ClientId IdOf(int client) => new((UInt128)(client + 1));
}
