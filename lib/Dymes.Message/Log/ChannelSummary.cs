using Dymes.Common;

namespace Dymes.Message.Log;

/// <summary>What is known of a channel.</summary>
/// <param name="Id">The channel.</param>
/// <param name="Name">Its name, where a message was appended by name.</param>
/// <param name="Count">How many messages it holds: its version.</param>
/// <param name="FirstLsn">The position of its first message.</param>
/// <param name="LastLsn">The position of its last message.</param>
/// <param name="FirstId">The id of its first message, which tells the time.</param>
/// <param name="LastId">The id of its last message, which tells the time.</param>
public sealed record ChannelSummary(ChannelId Id, string? Name, ulong Count, Lsn FirstLsn, Lsn LastLsn, MessageId FirstId, MessageId LastId);
