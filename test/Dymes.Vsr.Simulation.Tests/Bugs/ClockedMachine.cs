using System.Buffers.Binary;
using Dymes.Vsr.Sessions;
using Dymes.Vsr.Simulation.Running;

namespace Dymes.Vsr.Simulation.Tests.Bugs;

/// <summary>A state machine whose ids begin anew in every entry: two entries of the same millisecond get the same ones.</summary>
internal sealed class ClockedMachine(StampingMachine inner) : IStateMachine
{
    private const int HeadBytes = 32;
    private const int IdBytes = 16;

    public PreparedEntry? Prepare(ClientRequest request, EntryStamp stamp)
    {
        if (inner.Prepare(request, stamp) is not { } prepared)
        {
            return null;
        }

        var body = prepared.Body.ToArray();
        for (var at = HeadBytes; at < body.Length; at += IdBytes)
        {
            BinaryPrimitives.WriteUInt128LittleEndian(body.AsSpan(at), ((UInt128)(ulong)stamp.TimestampMilliseconds << 80) | (uint)at);
        }

        return prepared with { Body = body };
    }

    public void Accept(LogEntry entry) => inner.Accept(entry);

    public void Commit(LogEntry entry) => inner.Commit(entry);

    public ReadOnlyMemory<byte>? Reply(LogEntry entry) => inner.Reply(entry);

    public void RollBackTo(ulong op) => inner.RollBackTo(op);
}
