using System.Security.Cryptography;
using Dymes.Message;

namespace Dymes.Client.Appending;

/// <summary>Makes the ids of messages that have none. Safe for concurrent use.</summary>
internal sealed class IdMaker(TimeProvider clock)
{
    private readonly MessageIdSequence _sequence = new(bytes => RandomNumberGenerator.Fill(bytes));
    private readonly Lock _lock = new();

    public MessageId Next()
    {
        lock (_lock)
        {
            return _sequence.Next(clock.GetUtcNow().ToUnixTimeMilliseconds());
        }
    }
}
