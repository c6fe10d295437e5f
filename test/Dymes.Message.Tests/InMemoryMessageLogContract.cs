using Dymes.Message.Log;
using Dymes.Testing.Contract;
using Dymes.Testing.Model;

namespace Dymes.Message.Tests;

/// <summary>The suite proves the model, and the model the suite.</summary>
public sealed class InMemoryMessageLogContract : MessageLogContract
{
    protected override ValueTask<IMessageLog> OpenAsync(TimeProvider clock) => ValueTask.FromResult<IMessageLog>(new InMemoryMessageLog(clock));
}
