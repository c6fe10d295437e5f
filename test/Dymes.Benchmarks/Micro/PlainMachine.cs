using Dymes.Common;
using Dymes.Vsr;
using Dymes.Vsr.Sessions;

namespace Dymes.Benchmarks.Micro;

/// <summary>A state machine that does nothing with its entries, so that what is measured is the protocol.</summary>
internal sealed class PlainMachine : IStateMachine
{
    public PreparedEntry? Prepare(ClientRequest request, EntryStamp stamp) => new(EntryKind.Messages, request.Body, 1);

    public void Accept(LogEntry entry)
    {
    }

    public void Commit(LogEntry entry)
    {
    }

    public ReadOnlyMemory<byte>? Reply(LogEntry entry) => default;

    public void RollBackTo(ulong op)
    {
    }
}
