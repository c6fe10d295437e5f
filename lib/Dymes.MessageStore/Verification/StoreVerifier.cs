using Dymes.Common;
using Dymes.MessageStore.Files;
using Dymes.MessageStore.Formats;
using Dymes.MessageStore.Segments;

namespace Dymes.MessageStore.Verification;

/// <summary>Checks a dataset's directory while no process uses it: every byte of every file. Repairs what can be repaired, when asked.</summary>
/// <param name="files">The disk.</param>
/// <param name="directory">The dataset's directory, the one with <c>dymes.journal</c>.</param>
/// <param name="progress">Told after each segment: how many were checked, and how many there are.</param>
public sealed class StoreVerifier(IFileSystem files, string directory, Action<int, int>? progress = null)
{
    /// <summary>Checks everything and changes nothing.</summary>
    /// <exception cref="DymesException">The directory is in use or holds no dataset, or its files are of a newer version.</exception>
    public VerifyReport Check()
    {
        using var held = Lock();
        return CheckLocked(out _);
    }

    /// <summary>Checks, makes again what can be made again, and, where <paramref name="cutTail"/> says so, cuts a damaged tail. The report is of the state before.</summary>
    /// <exception cref="DymesException">The directory is in use or holds no dataset, or its files are of a newer version.</exception>
    public VerifyReport Repair(bool cutTail)
    {
        using var held = Lock();
        var report = CheckLocked(out var tailEnd);
        foreach (var fault in report.Faults)
        {
            switch (fault.Kind)
            {
                case VerifyFaultKind.Index or VerifyFaultKind.Sessions:
                    files.Delete(fault.Path); // they are made again
                    break;
                case VerifyFaultKind.Tail when cutTail:
                    Cut(fault.Path, tailEnd);
                    break;
            }
        }

        var cuts = cutTail && report.Faults.Any(fault => fault.Kind == VerifyFaultKind.Tail);
        if (cuts || report.Faults.Any(fault => fault.Kind == VerifyFaultKind.Journal))
        {
            RenewJournal(report, cuts);
        }

        files.FlushDirectory(directory);
        return report;
    }

    private IDisposable Lock()
    {
        if (SegmentNumbers().Count == 0 && !files.FileExists(JournalPath))
        {
            throw new DymesException(
                ErrorCode.NotFound, $"{directory} holds no dataset: there are neither message files nor a journal. Name the directory that holds {JournalFile.FileName}, such as <data>/default.");
        }

        return files.TryLock(Path.Combine(directory, "dymes.lock"))
            ?? throw new DymesException(ErrorCode.DirectoryInUse, $"{directory} is in use by a running node. Stop it first; a check reads files that must not change.");
    }

    private string JournalPath => Path.Combine(directory, JournalFile.FileName);

    private VerifyReport CheckLocked(out long tailEnd)
    {
        var faults = new List<VerifyFault>();
        var reports = new List<SegmentReport>();
        var numbers = SegmentNumbers();
        var tail = LogTail.Empty;
        tailEnd = 0;
        var state = CheckJournal(faults);
        for (var i = 0; i < numbers.Count; i++)
        {
            if (numbers[i] != i + 1)
            {
                var missing = Path.Combine(directory, SegmentNames.MessageFile((uint)i + 1));
                faults.Add(new VerifyFault(VerifyFaultKind.File, missing, 0, tail.NextLsn, null, "The file is missing. Restore it from a backup."));
                break;
            }

            var path = Path.Combine(directory, SegmentNames.MessageFile(numbers[i]));
            var check = new SegmentCheck(files, path, numbers[i], StageOf(numbers, i), tail, faults);
            if (check.Run(i + 1 < numbers.Count ? FirstLsnOf(numbers[i + 1]) : null) is { } report)
            {
                reports.Add(report);
            }

            tail = check.Tail;
            tailEnd = check.EndOffset;
            progress?.Invoke(i + 1, numbers.Count);
        }

        CheckEnd(state, numbers, tail, tailEnd, faults);
        CheckSessions(faults);
        faults.RemoveAll(fault => state?.Cut is { } cut && IsBehind(cut, fault)); // the next start cuts the log there first
        return new VerifyReport(directory, reports, faults);
    }

    private SegmentStage StageOf(List<uint> numbers, int place)
    {
        if (numbers[place..].Exists(number => files.FileExists(IndexPath(number))))
        {
            return SegmentStage.Sealed;
        }

        var isLast = place == numbers.Count - 1;
        return isLast ? SegmentStage.Growing : HeaderOf(numbers[place]) is { ClusterId: var cluster } && cluster != UInt128.Zero ? SegmentStage.Waiting : SegmentStage.Sealed;
    }

    private bool IsBehind(PendingCut cut, VerifyFault fault)
    {
        var name = Path.ChangeExtension(Path.GetFileName(fault.Path), ".msg");
        return SegmentNames.TryParseMessageFile(name, out var number) && (number > cut.Segment || (number == cut.Segment && fault.Offset >= cut.Offset));
    }

    private void CheckSessions(List<VerifyFault> faults)
    {
        var path = Path.Combine(directory, SessionsFile.FileName);
        if (files.FileExists(path) && SessionsFile.Read(files, path, null) is null)
        {
            faults.Add(new VerifyFault(VerifyFaultKind.Sessions, path, 0, null, null, "The file is damaged. A repair removes it; the replica makes it again from the log."));
        }
    }

    private string IndexPath(uint number) => Path.ChangeExtension(Path.Combine(directory, SegmentNames.MessageFile(number)), ".idx");

    private HardState? CheckJournal(List<VerifyFault> faults)
    {
        if (!files.FileExists(JournalPath))
        {
            faults.Add(new VerifyFault(VerifyFaultKind.Journal, JournalPath, 0, null, null, "The journal is missing. A repair makes a new one; messages are not affected."));
            return null;
        }

        var (state, fault) = JournalFile.Inspect(files, JournalPath);
        if (fault is not null)
        {
            faults.Add(new VerifyFault(VerifyFaultKind.Journal, JournalPath, 0, null, null, fault + " A repair makes a new journal; messages are not affected."));
        }

        return state;
    }

    // Zeros where the journal saw durable batches.
    private void CheckEnd(HardState? state, List<uint> numbers, LogTail tail, long tailEnd, List<VerifyFault> faults)
    {
        if (state is not null && numbers.Count < state.DurableSegment && numbers.Count > 0 && numbers[^1] == numbers.Count)
        {
            var missing = Path.Combine(directory, SegmentNames.MessageFile((uint)numbers.Count + 1));
            faults.Add(new VerifyFault(VerifyFaultKind.File, missing, 0, tail.NextLsn, null, "The file is missing: the journal saw it. Restore it from a backup."));
        }

        if (state is null || state.DurableLsn <= tail.NextLsn || faults.Any(fault => fault.Kind is VerifyFaultKind.Tail or VerifyFaultKind.File))
        {
            return;
        }

        var path = Path.Combine(directory, SegmentNames.MessageFile(Math.Max(1, numbers.Count == 0 ? 1 : numbers[^1])));
        faults.Add(new VerifyFault(
            VerifyFaultKind.Tail, path, tailEnd, tail.NextLsn, new Lsn(state.DurableLsn.Value - 1),
            "The log ends before the place up to which the journal saw it durable. Restore the files from a backup; a repair accepts the loss."));
    }

    private Lsn? FirstLsnOf(uint number) => HeaderOf(number)?.FirstLsn;

    private FileHeader? HeaderOf(uint number)
    {
        var path = Path.Combine(directory, SegmentNames.MessageFile(number));
        using var file = files.Open(path, DataFileMode.Read);
        var bytes = new byte[StoreLimits.FileHeaderBytes];
        return file.Read(bytes, 0) == bytes.Length ? FileHeader.Read(bytes, path) : null;
    }

    private void Cut(string path, long end)
    {
        using var file = files.Open(path, DataFileMode.ReadWrite);
        file.SetLength(end);
        file.Flush();
    }

    // A new journal claims no more of the log than what can be read: nothing but zeros is ever expected behind it. What the replica promised to its group it keeps; where that cannot
    // be read, or entries that it may have acknowledged are cut off, it has to ask the group.
    private void RenewJournal(VerifyReport report, bool isCut)
    {
        var known = files.FileExists(JournalPath) ? JournalFile.Inspect(files, JournalPath).State : null;
        var header = report.Segments.Count > 0 ? HeaderOf(report.Segments[0].Number) : null;
        if (header is null)
        {
            files.Delete(JournalPath); // there is no message either: the next start begins anew
            return;
        }

        var identity = new StoreIdentity(header.ClusterId, "") { DatasetId = header.DatasetId };
        var isMember = header.ClusterId != UInt128.Zero;
        var state = known is null
            ? new HardState { IsRecovering = isMember }
            : known with { DurableSegment = 0, DurableOffset = 0, DurableLsn = Lsn.First, IsRecovering = known.IsRecovering || (isCut && isMember) };
        JournalFile.Create(files, directory, identity, state, header.CreatedMilliseconds).Dispose();
    }

    private List<uint> SegmentNumbers()
    {
        var numbers = new List<uint>();
        foreach (var name in files.ListFiles(directory))
        {
            if (SegmentNames.TryParseMessageFile(name, out var number))
            {
                numbers.Add(number);
            }
        }

        numbers.Sort();
        return numbers;
    }
}
