using System.Globalization;
using System.Text;
using Dymes.Benchmarks.Micro;
using Etcdserverpb;
using Google.Protobuf;
using Grpc.Net.Client;

namespace Dymes.Benchmarks.Peers.Etcd;

/// <summary>A few connections that all clients of this process share.</summary>
internal sealed class EtcdConnections(string address) : IDisposable
{
    public const string Prefix = "e/";
    private const int Count = 4;
    private const int Values = 64;
    private static long Appended;

    private readonly GrpcChannel[] _channels =
        [.. Enumerable.Range(0, Count).Select(_ => GrpcChannel.ForAddress(address, new GrpcChannelOptions { MaxReceiveMessageSize = null, MaxSendMessageSize = null }))];

    /// <summary>For all but appends.</summary>
    public KV.KVClient Any => new(_channels[0]);

    public static string PrefixOf(int channel) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{channel:d4}/");

    public Func<int, Task> PrepareSingle(AppendLoad load)
    {
        var values = ValuesOf(load.BodyBytes);
        var clients = _channels.Select(channel => new KV.KVClient(channel)).ToArray();
        return async client => await clients[client % Count].PutAsync(Put(values));
    }

    /// <summary>Appends batches, each as one transaction.</summary>
    public Func<int, Task> PrepareTransaction(AppendLoad load)
    {
        var values = ValuesOf(load.BodyBytes);
        var clients = _channels.Select(channel => new KV.KVClient(channel)).ToArray();
        return async client =>
        {
            var transaction = new TxnRequest();
            var first = Interlocked.Add(ref Appended, load.Batch) - load.Batch;
            transaction.Success.AddRange(Enumerable.Range(0, load.Batch).Select(i => new RequestOp { RequestPut = Put(values[i % values.Length], i % SystemMessages.Channels, first + i) }));
            await clients[client % Count].TxnAsync(transaction);
        };
    }

    public async Task PutAsync(int channel, CancellationToken stop) =>
        await Any.PutAsync(Put(ValueOf(SampleMessages.Body(channel)), channel, Interlocked.Increment(ref Appended)), cancellationToken: stop);

    /// <summary>Writes something that is no message, and waits until it is stored.</summary>
    public async Task ProbeAsync(CancellationToken stop) => await Any.PutAsync(new PutRequest { Key = ByteString.CopyFromUtf8("probe"), Value = ByteString.Empty }, cancellationToken: stop);

    /// <summary>Whether this member leads.</summary>
    public async Task<bool> IsLeaderAsync(CancellationToken stop)
    {
        var status = await new Maintenance.MaintenanceClient(_channels[0]).StatusAsync(new StatusRequest(), cancellationToken: stop);
        return status.Leader != 0 && status.Leader == status.Header.MemberId;
    }

    public void Dispose()
    {
        foreach (var channel in _channels)
        {
            channel.Dispose();
        }
    }

    // Values that differ, so that nothing is to be gained by compressing them.
    private static ByteString[] ValuesOf(int bodyBytes) => [.. Enumerable.Range(0, Values).Select(seed => ValueOf(SampleMessages.Body(seed, bodyBytes)))];

    private static ByteString ValueOf(byte[] body) => ByteString.CopyFrom([.. Encoding.UTF8.GetBytes($"type={SystemMessages.Type},tenant={SystemMessages.Tenant};"), .. body]);

    private static PutRequest Put(ByteString[] values)
    {
        var number = Interlocked.Increment(ref Appended);
        return Put(values[number % values.Length], (int)(number % SystemMessages.Channels), number);
    }

    private static PutRequest Put(ByteString value, int channel, long number) =>
        new() { Key = ByteString.CopyFromUtf8(string.Create(CultureInfo.InvariantCulture, $"{PrefixOf(channel)}{number:d12}")), Value = value };
}
