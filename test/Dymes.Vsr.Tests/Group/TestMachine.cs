using System.Text;
using Dymes.Common;
using Dymes.Vsr.Sessions;

namespace Dymes.Vsr.Tests.Group;

/// <summary>Keeps what it is told and checks that it is told in order. A request's body is its entry's body, and its answer.</summary>
internal sealed class TestMachine : IStateMachine
{
    private readonly List<LogEntry> _log;

    public TestMachine(IReadOnlyList<LogEntry> log, ulong commit)
    {
        _log = [.. log];
        Committed = commit;
    }

    public ulong Committed { get; private set; }

    /// <summary>What requests must be compared with is damaged, and answers cannot be derived.</summary>
    public bool IsDamaged { get; set; }

    public LogEntry At(ulong op) => _log[(int)op - 1];

    public PreparedEntry? Prepare(ClientRequest request, EntryStamp stamp)
    {
        Assert.Equal((ulong)_log.Count + 1, stamp.Op);
        return IsDamaged ? null : new PreparedEntry(EntryKind.Messages, request.Body, 1);
    }

    public void Accept(LogEntry entry)
    {
        Assert.Equal((ulong)_log.Count + 1, entry.Op);
        _log.Add(entry);
    }

    public void Commit(LogEntry entry)
    {
        Assert.Equal(Committed + 1, entry.Op);
        Assert.Same(entry, At(entry.Op));
        Committed = entry.Op;
    }

    public ReadOnlyMemory<byte>? Reply(LogEntry entry) => IsDamaged ? default(ReadOnlyMemory<byte>?) : entry.Body; // null alone would be an empty answer here

    public void RollBackTo(ulong op)
    {
        Assert.True(op >= Committed, "what is committed is not rolled back");
        _log.RemoveRange((int)op, _log.Count - (int)op);
    }

    /// <summary>A body that is a multiple of 16 bytes.</summary>
    public static byte[] Body(string text) => Encoding.UTF8.GetBytes(text.PadRight((text.Length + 15) / 16 * 16));

    public static string Text(ReadOnlyMemory<byte> body) => Encoding.UTF8.GetString(body.Span).TrimEnd();
}
