using Dymes.Vsr.Messages;

namespace Dymes.Vsr.Protocol;

/// <summary>VRR 5.2: gives entries to a replica in the same view, from memory or through the host.</summary>
internal sealed class StateServer(ReplicaCore core, EntryReader reader)
{
    public void OnGetState(GetState message)
    {
        if (core.Status is not (ReplicaStatus.Normal or ReplicaStatus.ViewChange) || message.FromOp == 0 || message.ToOp < message.FromOp)
        {
            return;
        }

        if (message.FromOp >= core.Log.FirstOp)
        {
            Answer(message, FromMemory(message));
        }
        else
        {
            var view = core.View;
            reader.Read(message.FromOp, Math.Min(message.ToOp, core.AppliedOp), entries =>
            {
                if (core.View == view && core.Status != ReplicaStatus.Stopped)
                {
                    Answer(message, entries);
                }
            });
        }
    }

    private void Answer(GetState question, IReadOnlyList<LogEntry> entries) =>
        core.Send(question.From, new NewState(core.Envelope, question.Number, core.CommitOp, core.LogView, entries));

    private List<LogEntry> FromMemory(GetState message)
    {
        var entries = new List<LogEntry>();
        var bytes = 0L;
        for (var op = message.FromOp; op <= message.ToOp && entries.Count < VsrLimits.TransferEntriesMax && bytes < VsrLimits.TransferBytesMax; op++)
        {
            if (core.Log.Find(op) is not { } entry)
            {
                break;
            }

            entries.Add(entry);
            bytes += entry.Header.SizeBytes;
        }

        return entries;
    }
}
