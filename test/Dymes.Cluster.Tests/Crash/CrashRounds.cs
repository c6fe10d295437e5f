using System.Globalization;
using System.Net;
using System.Text;
using Dymes.Client;
using Dymes.Cluster.Tests.Node;
using Dymes.Common;
using Dymes.Message;

namespace Dymes.Cluster.Tests.Crash;

/// <summary>A node's life of being killed under load and started again, over one data directory.</summary>
internal sealed class CrashRounds(string dataPath, int seed, Action<string> tell)
{
    private const int Clients = 8;
    private const int AcknowledgementsMax = 400;

    // Small segments, so that crashes also hit their sealing.
    private static readonly string[] Options = ["--store.segmentBytesMax=262144"];
    private readonly Random _random = new(seed);
    private readonly LoadLedger _ledger = new();
    private readonly NodePorts _ports = NodePorts.Free();
    private ScannedLog _before = new([]);
    private (int In, int Out) _resolved;

    public async Task RunAsync(int rounds)
    {
        for (var round = 1; round <= rounds; round++)
        {
            await RunLoadAsync(round);
            await CheckAsync(round, rounds);
        }

        tell(string.Create(
            CultureInfo.InvariantCulture,
            $"{rounds} rounds: {_before.Messages.Count} messages, {_ledger.Acknowledged.Count} acknowledged and there; without an answer {_resolved.In} were in the log and {_resolved.Out} were not."));
    }

    // The kill comes after a number of acknowledgements, not after a time: so each round kills in the middle of work, however fast the machine.
    private async Task RunLoadAsync(int round)
    {
        await using var node = await NodeProcess.StartAsync(dataPath, _ports, Options);
        using var http = new HttpClient { BaseAddress = node.Http };
        var left = _random.Next(1, AcknowledgementsMax);
        var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var clients = Enumerable.Range(0, Clients)
            .Select(number => new LoadClient(http, _ledger, Count, $"r{round}c{number}", _random.Next()).RunAsync())
            .ToArray();

        // A client that ends before the kill failed: the wait for all shows why.
        var ended = await Task.WhenAny(Task.WhenAny(clients).Unwrap(), enough.Task).WaitAsync(Deadline.OfWait);
        Assert.True(ended == enough.Task || ended.IsFaulted, $"A client stopped while the node was alive:\n{node.Output}\n{node.Errors}");
        await node.KillAsync();
        await Task.WhenAll(clients).WaitAsync(Deadline.OfWait);

        void Count()
        {
            if (Interlocked.Decrement(ref left) == 0)
            {
                enough.SetResult();
            }
        }
    }

    private async Task CheckAsync(int round, int rounds)
    {
        await using var node = await NodeProcess.StartAsync(dataPath, _ports, Options);
        using var http = new HttpClient { BaseAddress = node.Http };
        using var client = new DymesClient(new DymesClientOptions { Addresses = [node.Http] });
        var checks = new CrashChecks(client, _ledger, _random);
        var log = await ScannedLog.ReadAsync(client, _ledger.Sent);
        checks.CheckAcknowledged(log);
        checks.CheckAtomicity(log);
        CrashChecks.CheckUnchanged(_before, log);
        await checks.CheckIndexesAsync(log);

        var unknown = _ledger.Unknown;
        var found = await ResolveAsync(http, log, unknown);
        _resolved = (_resolved.In + found, _resolved.Out + unknown.Count - found);
        _before = await ScannedLog.ReadAsync(client, _ledger.Sent);
        checks.CheckAcknowledged(_before);
        Assert.Equal(_ledger.Acknowledged.Count, _before.Messages.Count);
        tell($"round {round} of {rounds}: {_before.Messages.Count} messages, all {_ledger.Acknowledged.Count} acknowledged are there; of {unknown.Count} without an answer {found} were in the log");
    }

    /// <summary>Finds out about messages without an answer as a client would: those with an id or a key are sent again, others are looked for. Returns how many were in the log.</summary>
    private async Task<int> ResolveAsync(HttpClient http, ScannedLog log, IReadOnlyList<SentMessage> unknown)
    {
        var stored = log.Messages.ToDictionary(message => message.Token);
        var found = 0;
        foreach (var message in unknown)
        {
            var isStored = stored.TryGetValue(message.Token, out var scanned);
            found += isStored ? 1 : 0;
            if (!message.Id.IsNone || message.Key is not null)
            {
                var place = await SendAgainAsync(http, message, isStored);
                Assert.True(!isStored || place == new Place(scanned!.Lsn, scanned.Id), $"{message.Token} was sent again and got another place.");
                _ledger.Acknowledge(message, place);
            }
            else if (isStored)
            {
                _ledger.Acknowledge(message, new Place(scanned!.Lsn, scanned.Id));
            }
            else
            {
                _ledger.Forget(message);
            }
        }

        return found;
    }

    private static async Task<Place> SendAgainAsync(HttpClient http, SentMessage message, bool isStored)
    {
        using var request = message.Key is null
            ? new HttpRequestMessage(HttpMethod.Put, $"api/v1/messages/{message.Id}")
            : new HttpRequestMessage(HttpMethod.Post, "api/v1/messages");
        request.Content = new StringContent(message.ToJson(), Encoding.UTF8, "application/json");
        if (message.Key is not null)
        {
            request.Headers.Add("Idempotency-Key", message.Key);
        }

        using var response = await http.SendAsync(request);
        var answer = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == (isStored ? HttpStatusCode.OK : HttpStatusCode.Created), $"{message.Token} sent again: {response.StatusCode} {answer}");
        Assert.True(MessageId.TryParse(answer.Trim(), out var id), answer);
        return new Place(new Lsn(ulong.Parse(response.Headers.GetValues("Dymes-Lsn").Single(), CultureInfo.InvariantCulture)), id);
    }
}
