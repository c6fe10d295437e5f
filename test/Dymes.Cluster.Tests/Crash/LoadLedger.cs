using System.Collections.Concurrent;
using Dymes.Common;
using Dymes.Message;

namespace Dymes.Cluster.Tests.Crash;

/// <summary>Where an acknowledged message is.</summary>
internal readonly record struct Place(Lsn Lsn, MessageId Id);

/// <summary>What the clients of a load sent, and what they were told about it. Safe for concurrent use.</summary>
internal sealed class LoadLedger
{
    private readonly ConcurrentDictionary<string, SentMessage> _sent = new();
    private readonly ConcurrentDictionary<string, Place> _acknowledged = new();

    public IReadOnlyDictionary<string, SentMessage> Sent => _sent;

    public IReadOnlyDictionary<string, Place> Acknowledged => _acknowledged;

    /// <summary>Sent, and no answer came.</summary>
    public IReadOnlyList<SentMessage> Unknown => [.. _sent.Values.Where(message => !_acknowledged.ContainsKey(message.Token)).OrderBy(message => message.Token, StringComparer.Ordinal)];

    /// <summary>Called before a message leaves: whatever is in the log was sent.</summary>
    public void Send(SentMessage message) => Assert.True(_sent.TryAdd(message.Token, message));

    public void Acknowledge(SentMessage message, Place place) => Assert.True(_acknowledged.TryAdd(message.Token, place));

    /// <summary>An unknown message that turned out not to be in the log.</summary>
    public void Forget(SentMessage message) => _sent.TryRemove(message.Token, out _);
}
