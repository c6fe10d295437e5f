using Dymes.Common;
using Dymes.MessageStore.Verification;
using Dymes.Testing;
using Dymes.Testing.Simulation;

namespace Dymes.Engine.Tests.Damaged;

/// <summary>Every row of the table that says what the end of the growing segment is taken for, each brought about on a disk.</summary>
public sealed class TailTests
{
    [Fact]
    public async Task T1_whole_batches_open_without_a_word()
    {
        foreach (var dataset in new[] { await StoredDataset.ClosedAsync(), await StoredDataset.KilledAsync() })
        {
            var logger = new CollectingLogger();
            await using var engine = StoredDataset.Open(dataset.Copy(), logger);
            Assert.Equal(0, await new Questions(dataset.Frames).AskAsync(engine, null));
            Assert.Empty(logger.Complaints);
        }
    }

    [Fact]
    public async Task T2_zeros_where_the_journal_saw_batches_are_damage()
    {
        var dataset = await StoredDataset.ClosedAsync();
        var files = dataset.Copy();
        Zero(files, dataset.LastSegment, SecondMark(files, dataset.LastSegment));
        RefusesToOpen(files, dataset.LastSegment, "T2 zeros where the journal saw batches");
        await KeepsWhatIsBeforeTheCutAsync(dataset, files);
    }

    [Fact]
    public async Task T3_a_torn_last_batch_is_cut_and_told()
    {
        var dataset = await StoredDataset.KilledAsync();
        var files = dataset.Copy();
        files.FlipBit(dataset.LastSegment, 8 * (EndOfBatches(files, dataset.LastSegment) - 1));
        var logger = new CollectingLogger();
        await using var engine = StoredDataset.Open(files, logger);
        Assert.Equal(0, await new Questions([.. dataset.Frames.Take((int)dataset.LastBatch.Value)]).AskAsync(engine, null));
        var told = Assert.Single(logger.Complaints);
        Assert.Contains(dataset.LastSegment, told, StringComparison.Ordinal);
        Assert.Contains("T3 torn last batch", told, StringComparison.Ordinal);
        Assert.Matches("at offset [0-9]+", told);
    }

    [Fact]
    public async Task T3_a_batch_of_which_only_the_second_half_reached_the_disk_is_cut()
    {
        var dataset = await StoredDataset.KilledAsync();
        var files = dataset.Copy();
        var end = EndOfBatches(files, dataset.LastSegment);
        var mark = LastMark(files, dataset.LastSegment);
        using (var file = files.Open(dataset.LastSegment, MessageStore.Files.DataFileMode.ReadWrite))
        {
            file.Write(new byte[(end - mark) / 2], mark);
        }

        var logger = new CollectingLogger();
        await using var engine = StoredDataset.Open(files, logger);
        Assert.Equal(dataset.LastBatch, (await engine.GetStatusAsync()).NextLsn);
        Assert.Contains("T3 torn last batch", Assert.Single(logger.Complaints), StringComparison.Ordinal);
    }

    [Fact]
    public async Task T4_damage_after_a_clean_close_is_never_cut()
    {
        var dataset = await StoredDataset.ClosedAsync();
        var files = dataset.Copy();
        files.FlipBit(dataset.LastSegment, 8 * (EndOfBatches(files, dataset.LastSegment) - 1));
        RefusesToOpen(files, dataset.LastSegment, "T4 damaged after a clean close");
        await KeepsWhatIsBeforeTheCutAsync(dataset, files);
    }

    [Fact]
    public async Task T5_damage_with_a_later_batch_behind_it_is_never_cut()
    {
        var dataset = await StoredDataset.KilledAsync();
        var files = dataset.Copy();
        files.FlipBit(dataset.LastSegment, 8 * (SecondMark(files, dataset.LastSegment) - 1));
        RefusesToOpen(files, dataset.LastSegment, "T5 damaged with a later batch behind it");
        await KeepsWhatIsBeforeTheCutAsync(dataset, files);
    }

    [Fact]
    public async Task T6_damage_that_is_covered_and_has_a_later_batch_is_never_cut()
    {
        var dataset = await StoredDataset.ClosedAsync();
        var files = dataset.Copy();
        files.FlipBit(dataset.LastSegment, 8 * (SecondMark(files, dataset.LastSegment) - 1));
        RefusesToOpen(files, dataset.LastSegment, "T6 damaged, covered and with a later batch");
        await KeepsWhatIsBeforeTheCutAsync(dataset, files);
    }

    private static void RefusesToOpen(SimulatedFileSystem files, string path, string row)
    {
        for (var attempt = 0; attempt < 2; attempt++)
        {
            var before = files.ReadAll(path);
            var refusal = Assert.Throws<DymesException>(() => StoredDataset.Open(files));
            Assert.Equal(ErrorCode.StorageDamaged, refusal.Code);
            Assert.Contains(path, refusal.Message, StringComparison.Ordinal);
            Assert.Contains(row, refusal.Message, StringComparison.Ordinal);
            Assert.Contains("dymes verify", refusal.Message, StringComparison.Ordinal);
            Assert.Equal(before, files.ReadAll(path)); // nothing is cut without the operator's word
        }
    }

    // A repair without consent changes nothing of it; with consent the log is what is before the damage, and grows again.
    private static async Task KeepsWhatIsBeforeTheCutAsync(StoredDataset dataset, SimulatedFileSystem files)
    {
        var before = files.ReadAll(dataset.LastSegment);
        var fault = Assert.Single(StoredDataset.Repair(files).Faults);
        Assert.Equal((VerifyFaultKind.Tail, dataset.LastSegment), (fault.Kind, fault.Path));
        Assert.Equal(before, files.ReadAll(dataset.LastSegment));
        Assert.Throws<DymesException>(() => StoredDataset.Open(files));

        StoredDataset.Repair(files, cutTail: true);
        Assert.Empty(StoredDataset.Check(files).Faults);
        var kept = fault.FirstLsn!.Value;
        var logger = new CollectingLogger();
        var engine = StoredDataset.Open(files, logger);
        Assert.InRange(kept.Value, 1ul, (ulong)dataset.Frames.Count - 1);
        Assert.Equal(0, await new Questions([.. dataset.Frames.Take((int)kept.Value)]).AskAsync(engine, null));
        Assert.Equal(kept, (await engine.AppendAsync(MessageDraft.Request(new MessageDraft("new")))).First.Lsn);
        Assert.Empty(logger.Complaints);
        await engine.DisposeAsync();
        Assert.Empty(StoredDataset.Check(files).Faults);
    }

    private static void Zero(SimulatedFileSystem files, string path, long from)
    {
        using var file = files.Open(path, MessageStore.Files.DataFileMode.ReadWrite);
        file.Write(new byte[file.Length - from], from);
    }

    private static long EndOfBatches(SimulatedFileSystem files, string path)
    {
        var (offset, bytes) = Marks(files, path)[^1];
        return offset + bytes;
    }

    private static long LastMark(SimulatedFileSystem files, string path) => Marks(files, path)[^1].Offset;

    private static long SecondMark(SimulatedFileSystem files, string path) => Marks(files, path)[1].Offset;

    // From mark to mark, as doc/file-format.md has it: 64 bytes, in which the bytes of the batch behind it are at 40.
    private static List<(long Offset, long Bytes)> Marks(SimulatedFileSystem files, string path)
    {
        var bytes = files.ReadAll(path);
        var marks = new List<(long, long)>();
        for (long offset = 128; offset < bytes.Length && BitConverter.ToInt64(bytes, (int)offset + 40) is > 0 and var batch; offset += 64 + batch)
        {
            marks.Add((offset, 64 + batch));
        }

        return marks;
    }
}
