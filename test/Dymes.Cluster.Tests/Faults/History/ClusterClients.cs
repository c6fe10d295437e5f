using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Dymes.Client;
using Dymes.Common;
using Dymes.Message.Log;

namespace Dymes.Cluster.Tests.Faults.History;

/// <summary>Clients that write to a cluster, read from it and follow it, each through whichever door it comes upon, and note what they see.</summary>
internal sealed class ClusterClients(IReadOnlyList<Door> doors, ClusterHistory history, int seed)
{
    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(20);
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(10) };

    /// <summary>Runs until it is told to stop.</summary>
    public async Task RunAsync(int writers, int readers, CancellationToken stopping)
    {
        var clients = Enumerable.Range(0, writers).Select(number => WriteAsync(number, stopping))
            .Concat(Enumerable.Range(0, readers).Select(number => ReadAsync(number, stopping)))
            .Concat(doors.Select(door => FollowAsync(door, stopping)))
            .Append(new CursorReader(doors, history, seed - 100).RunAsync(stopping));
        await Task.WhenAll(clients.ToArray());
        _http.Dispose();
    }

    private async Task WriteAsync(int writer, CancellationToken stopping)
    {
        var random = new Random(seed + writer);
        using var breath = new PeriodicTimer(Breath);
        for (var number = 0; !stopping.IsCancellationRequested; number++)
        {
            var token = $"w{writer}-{number}";
            var key = random.Next(3) == 0 ? $"key-{token}" : null;
            Door door;
            var sentAt = TimeProvider.System.GetTimestamp();
            var (outcome, lsn, id) = await AppendAsync(door = AnyDoor(random), token, key);
            for (var again = 0; again < 20 && outcome == AttemptOutcome.Unknown && key is not null; again++)
            {
                await breath.WaitForNextTickAsync(CancellationToken.None); // who retries under its key, elsewhere, learns what became of the first attempt
                (outcome, lsn, id) = await AppendAsync(door = AnyDoor(random), token, key);
                outcome = outcome == AttemptOutcome.Refused ? AttemptOutcome.Unknown : outcome; // this attempt was not run; the first may have been
            }

            history.Add(new Attempt(token, sentAt, TimeProvider.System.GetTimestamp(), outcome, lsn), id);
            if (outcome == AttemptOutcome.Acknowledged && door.IsSteady && random.Next(4) == 0)
            {
                await ReadBackAsync(door, id!, lsn);
            }
            else if (outcome != AttemptOutcome.Acknowledged)
            {
                await breath.WaitForNextTickAsync(CancellationToken.None);
            }
        }
    }

    private async Task<(AttemptOutcome Outcome, Lsn Lsn, string? Id)> AppendAsync(Door door, string token, string? key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(door.Http, "api/v1/messages"));
        request.Content = new StringContent($$"""{"channel":"{{token[..2]}}","body":"{{token}}"}""", Encoding.UTF8, "application/json");
        request.Headers.Add("Accept", "application/json");
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        try
        {
            using var response = await _http.SendAsync(request);
            using var answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
            if (response.IsSuccessStatusCode)
            {
                return (AttemptOutcome.Acknowledged, new Lsn(answer.RootElement.GetProperty("lsn").GetUInt64()), answer.RootElement.GetProperty("id").GetString());
            }

            var kind = answer.RootElement.GetProperty("type").GetString()!;
            var wasNotRun = kind.EndsWith("not-ready", StringComparison.Ordinal) || kind.EndsWith("overloaded", StringComparison.Ordinal) || kind.EndsWith("storage-failed", StringComparison.Ordinal);
            return (wasNotRun ? AttemptOutcome.Refused : AttemptOutcome.Unknown, default, null);
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException or OperationCanceledException or JsonException)
        {
            // A node that is not there did not run it.
            return (broken.InnerException is System.Net.Sockets.SocketException { SocketErrorCode: System.Net.Sockets.SocketError.ConnectionRefused } ? AttemptOutcome.Refused : AttemptOutcome.Unknown, default, null);
        }
    }

    // What was acknowledged to anybody is seen by a linearizable read on any node, and by a session read that names its position.
    private async Task ReadAsync(int reader, CancellationToken stopping)
    {
        var random = new Random(seed - 1 - reader);
        using var breath = new PeriodicTimer(Breath);
        while (!stopping.IsCancellationRequested)
        {
            await breath.WaitForNextTickAsync(CancellationToken.None);
            if (history.Newest is not { } newest)
            {
                continue;
            }

            var (door, isLinearizable) = (AnyDoor(random), random.Next(2) == 0);
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(door.Http, $"api/v1/messages/{newest.Id}"));
            request.Headers.Add("Dymes-Consistency", isLinearizable ? "linearizable" : "session");
            if (!isLinearizable)
            {
                request.Headers.Add("Dymes-Min-Lsn", newest.Lsn.Value.ToString(CultureInfo.InvariantCulture));
            }

            try
            {
                using var response = await _http.SendAsync(request);
                history.CountRead();
                if (response.StatusCode == HttpStatusCode.NotFound)
                {
                    history.Violate($"a {(isLinearizable ? "linearizable" : "session")} read on {door.Name} did not find {newest.Id}, acknowledged at {newest.Lsn}");
                }
            }
            catch (Exception broken) when (broken is HttpRequestException or IOException or OperationCanceledException)
            {
                // nothing was promised
            }
        }
    }

    // What a door has acknowledged, it shows to whoever asks it next.
    private async Task ReadBackAsync(Door door, string id, Lsn lsn)
    {
        try
        {
            using var response = await _http.GetAsync(new Uri(door.Http, $"api/v1/messages/{id}"));
            history.CountRead();
            if (response.StatusCode == HttpStatusCode.NotFound)
            {
                history.Violate($"{door.Name} did not find {id}, which it had acknowledged at {lsn}");
            }
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException or OperationCanceledException)
        {
            // nothing was promised
        }
    }

    // A follower of one door sees each position once, in order, whatever happens to the silos.
    private async Task FollowAsync(Door door, CancellationToken stopping)
    {
        using var client = new DymesClient(new DymesClientOptions { Addresses = [door.Http], RetryDuration = TimeSpan.FromMinutes(2) });
        using var breath = new PeriodicTimer(Breath);
        var next = Lsn.First;
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                var query = new MessageQuery { Bounds = MessageBounds.Everything with { FromLsn = next } };
                await foreach (var page in client.SubscribeAsync(query, stopping))
                {
                    foreach (var frame in page)
                    {
                        if (frame.Lsn != next)
                        {
                            history.Violate($"a follower of {door.Name} was given {frame.Lsn}, and waited for {next}");
                        }

                        next = frame.Lsn.Next;
                    }
                }
            }
            catch (Exception broken) when (broken is OperationCanceledException or DymesException)
            {
                await breath.WaitForNextTickAsync(CancellationToken.None);
            }
        }
    }

    private Door AnyDoor(Random random) => doors[random.Next(doors.Count)];
}
