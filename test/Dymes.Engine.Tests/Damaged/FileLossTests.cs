using Dymes.Common;
using Dymes.MessageStore.Files;
using Dymes.MessageStore.Verification;
using Dymes.Testing;
using Dymes.Testing.Simulation;

namespace Dymes.Engine.Tests.Damaged;

/// <summary>Whole files that are missing, cut, exchanged or somebody else's.</summary>
public sealed class FileLossTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Index_files_that_are_missing_or_cut_are_made_again(bool isMissing)
    {
        var dataset = await StoredDataset.KilledAsync();
        for (var segment = 1; segment < dataset.SegmentCount; segment++)
        {
            var files = dataset.Copy();
            var path = StoredDataset.Index(segment);
            var original = files.ReadAll(path);
            Lose(files, path, isMissing ? null : original.Length / segment - 1);
            Assert.Contains(StoredDataset.Check(files).Faults, fault => fault.Kind == VerifyFaultKind.Index && fault.Path == path);
            var engine = StoredDataset.Open(files);
            Assert.Equal(0, await new Questions(dataset.Frames).AskAsync(engine, null));
            await engine.DisposeAsync();
            Assert.Equal(original, files.ReadAll(path));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_message_file_that_is_missing_is_missed_by_name_even_the_last_one(bool isClosed)
    {
        var dataset = isClosed ? await StoredDataset.ClosedAsync() : await StoredDataset.KilledAsync();
        for (var segment = 1; segment <= dataset.SegmentCount; segment++)
        {
            var files = dataset.Copy();
            Lose(files, StoredDataset.Messages(segment), null);
            Refuses(files, ErrorCode.StorageDamaged, StoredDataset.Messages(segment), "missing");
            Assert.Contains(StoredDataset.Check(files).Faults, fault => fault.Kind == VerifyFaultKind.File && fault.Path == StoredDataset.Messages(segment));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_sealed_message_file_that_was_cut_keeps_what_is_before_the_cut(bool hasIndex)
    {
        var dataset = await StoredDataset.ClosedAsync();
        for (var segment = 1; segment < dataset.SegmentCount; segment++)
        {
            for (var parts = 0; parts < 5; parts++)
            {
                var files = dataset.Copy();
                var path = StoredDataset.Messages(segment);
                Lose(files, path, files.ReadAll(path).Length * parts / 5);
                if (!hasIndex)
                {
                    Lose(files, StoredDataset.Index(segment), null);
                }

                Assert.Contains(StoredDataset.Check(files).Faults, fault => fault.Path == path);
                await GivesTheTruthOrNamesAsync(dataset, files, path);
            }
        }
    }

    [Fact]
    public async Task A_journal_that_is_missing_or_cut_is_refused_and_made_again_by_a_repair()
    {
        var dataset = await StoredDataset.ClosedAsync();
        foreach (var length in new int?[] { null, 0, 100, 4096, 12_287 })
        {
            var files = dataset.Copy();
            Lose(files, StoredDataset.Journal, length);
            Refuses(files, ErrorCode.StorageDamaged, StoredDataset.Journal, "--repair");
            Assert.Equal(VerifyFaultKind.Journal, Assert.Single(StoredDataset.Repair(files).Faults).Kind);
            Assert.Empty(StoredDataset.Check(files).Faults);
            await using var engine = StoredDataset.Open(files);
            Assert.Equal(0, await new Questions(dataset.Frames).AskAsync(engine, null));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task One_damaged_slot_of_the_journal_is_told_and_written_anew(int slot)
    {
        var dataset = await StoredDataset.ClosedAsync();
        var files = dataset.Copy();
        files.FlipBit(StoredDataset.Journal, 8 * (4096 * (slot + 1)) + 77);
        var logger = new CollectingLogger();
        var engine = StoredDataset.Open(files, logger);
        Assert.Contains(StoredDataset.Journal, Assert.Single(logger.Complaints), StringComparison.Ordinal);
        Assert.Equal(0, await new Questions(dataset.Frames).AskAsync(engine, null));
        await engine.AppendAsync(MessageDraft.Request(new MessageDraft("more")));
        await engine.DisposeAsync();
        var again = StoredDataset.Open(files, logger);
        await again.AppendAsync(MessageDraft.Request(new MessageDraft("more")));
        await again.DisposeAsync();
        Assert.Empty(StoredDataset.Check(files).Faults);
    }

    [Fact]
    public async Task Files_that_were_exchanged_are_refused_by_name()
    {
        var dataset = await StoredDataset.ClosedAsync();
        foreach (var (one, other) in new[]
        {
            (StoredDataset.Messages(1), StoredDataset.Messages(2)), (StoredDataset.Index(1), StoredDataset.Index(2)),
            (StoredDataset.Messages(1), StoredDataset.Index(1)), (StoredDataset.Journal, StoredDataset.Messages(2)),
        })
        {
            var files = dataset.Copy();
            files.Rename(one, one + ".x");
            files.Rename(other, one);
            files.Rename(one + ".x", other);
            var refusal = Assert.Throws<DymesException>(() => StoredDataset.Open(files));
            Assert.True(refusal.Message.Contains(one, StringComparison.Ordinal) || refusal.Message.Contains(other, StringComparison.Ordinal), refusal.Message);
            Assert.NotEmpty(StoredDataset.Check(files).Faults);
        }
    }

    [Fact]
    public async Task Files_of_another_cluster_or_dataset_are_refused()
    {
        var dataset = await StoredDataset.ClosedAsync();
        foreach (var foreign in new[] { StoredDataset.Options with { ClusterId = 7 }, StoredDataset.Options with { Dataset = "other" } })
        {
            var refusal = Assert.Throws<DymesException>(() => EngineFixture.Open(dataset.Copy(), new SteppingClock(), foreign));
            Assert.Equal(ErrorCode.ForeignFile, refusal.Code);
            Assert.Contains(EngineFixture.Directory, refusal.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_segment_of_another_history_is_refused()
    {
        var (dataset, other) = (await StoredDataset.ClosedAsync(), await StoredDataset.KilledAsync());
        for (var segment = 1; segment < dataset.SegmentCount; segment++)
        {
            var files = dataset.Copy();
            foreach (var path in new[] { StoredDataset.Messages(segment), StoredDataset.Index(segment) })
            {
                using var file = files.Open(path, DataFileMode.Create);
                file.Write(other.Copy().ReadAll(path), 0);
            }

            Refuses(files, ErrorCode.StorageDamaged, EngineFixture.Directory, "Restore both from one backup");
            Assert.Contains(StoredDataset.Check(files).Faults, fault => fault.Kind == VerifyFaultKind.File);
        }
    }

    [Fact]
    public async Task A_file_of_a_newer_version_is_refused_and_told_so()
    {
        var dataset = await StoredDataset.ClosedAsync();
        foreach (var path in dataset.Paths)
        {
            var files = dataset.Copy();
            var header = files.ReadAll(path)[..128];
            header[24]++;
            BitConverter.TryWriteBytes(header, Checksum.Of(header.AsSpan(16)));
            using (var file = files.Open(path, DataFileMode.ReadWrite))
            {
                file.Write(header, 0);
            }

            Refuses(files, ErrorCode.ForeignFile, path, "newer Dymes");
            Assert.Equal(ErrorCode.ForeignFile, Assert.Throws<DymesException>(() => StoredDataset.Check(files)).Code);
        }
    }

    [Fact]
    public async Task A_directory_in_use_is_refused_to_a_second_process_and_to_a_check()
    {
        var dataset = await StoredDataset.ClosedAsync();
        var files = dataset.Copy();
        await using (StoredDataset.Open(files))
        {
            Refuses(files, ErrorCode.DirectoryInUse, EngineFixture.Directory, "Stop");
            Assert.Equal(ErrorCode.DirectoryInUse, Assert.Throws<DymesException>(() => StoredDataset.Check(files)).Code);
        }

        Assert.Empty(StoredDataset.Check(files).Faults);
        Assert.Equal(ErrorCode.NotFound, Assert.Throws<DymesException>(() => StoredDataset.Check(new SimulatedFileSystem())).Code);
    }

    private static void Lose(SimulatedFileSystem files, string path, int? length)
    {
        if (length is null)
        {
            files.Delete(path);
            return;
        }

        using var file = files.Open(path, DataFileMode.ReadWrite);
        file.SetLength(length.Value);
    }

    private static void Refuses(SimulatedFileSystem files, ErrorCode code, string path, string what)
    {
        var refusal = Assert.Throws<DymesException>(() => StoredDataset.Open(files));
        Assert.Equal(code, refusal.Code);
        Assert.Contains(path, refusal.Message, StringComparison.Ordinal);
        Assert.Contains(what, refusal.Message, StringComparison.Ordinal);
    }

    private static async Task GivesTheTruthOrNamesAsync(StoredDataset dataset, SimulatedFileSystem files, string path)
    {
        DymesEngine engine;
        try
        {
            engine = StoredDataset.Open(files);
        }
        catch (DymesException refusal)
        {
            Assert.Equal(ErrorCode.StorageDamaged, refusal.Code);
            Assert.Contains(path, refusal.Message, StringComparison.Ordinal);
            return;
        }

        Assert.True(await new Questions(dataset.Frames).AskAsync(engine, path) > 0);
        await engine.DisposeAsync();
    }
}
