using System.Collections.Concurrent;
using Dymes.Client.Tests.Nodes;
using Dymes.Message.Log;
using Dymes.Testing;
using Microsoft.Extensions.Logging;

namespace Dymes.Client.Tests;

public sealed class CallLogTests : ClientBench
{
    private readonly CollectedLines _lines = new();

    [Fact]
    public async Task A_row_of_failures_is_one_warning_and_each_further_one_a_line_for_who_looks()
    {
        Network.Expect(new NoConnection(), new NoConnection(), new NoConnection());
        using var client = new DymesClient(new DymesClientOptions { Addresses = [Address] }, Network, Clock, _lines);

        await client.AppendAsync(MessageDraft.Request(new MessageDraft("a")));

        Assert.Contains("Trying again for up to 30 s.", Assert.Single(_lines.At(LogLevel.Warning)), StringComparison.Ordinal);
        Assert.Equal(["Try 3 in", "Try 4 in"], _lines.At(LogLevel.Debug).Where(line => line.StartsWith("Try", StringComparison.Ordinal)).Select(line => line[..8]));
        Assert.Single(_lines.At(LogLevel.Debug), line => line.StartsWith($"POST {Address}api/v1/messages:batch: 200 after", StringComparison.Ordinal));
        Assert.Equal(3, _lines.At(LogLevel.Debug).Count(line => line.Contains("no answer after", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_stream_that_goes_on_says_behind_which_message()
    {
        await Log.AppendAsync(MessageDraft.Request(new MessageDraft("a") { Id = OldId(1) }, new MessageDraft("b") { Id = OldId(2) }));
        var first = (await Log.ReadAllAsync())[0];
        Network.Expect(new CutAnswer(first.Length + 1));
        using var client = new DymesClient(new DymesClientOptions { Addresses = [Address] }, Network, Clock, _lines);

        Assert.Equal(["a", "b"], await client.BodiesAsync(new LogSelection()));

        Assert.Equal($"The stream goes on at {Address} behind message {OldId(1)}.", Assert.Single(_lines.At(LogLevel.Information)));
    }

    private sealed class CollectedLines : ILogger
    {
        private readonly ConcurrentQueue<(LogLevel Level, string Text)> _lines = [];

        public IEnumerable<string> At(LogLevel level) => _lines.Where(line => line.Level == level).Select(line => line.Text);

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            _lines.Enqueue((logLevel, formatter(state, exception)));
    }
}
