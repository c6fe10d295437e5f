using Dymes.Common;
using Dymes.Message;
using Dymes.MessageStore;
using Dymes.MessageStore.Verification;
using Dymes.Testing;
using Dymes.Testing.Simulation;

namespace Dymes.Engine.Tests.Damaged;

/// <summary>
/// A dataset of several small segments as a process left it, closed or killed, and what it answered before. Every test damages a copy of its own. All segments but the last one have
/// their index files.
/// </summary>
internal sealed class StoredDataset
{
    public static readonly StoreOptions Options = EngineFixture.TinySegments(5);
    private readonly SimulatedFileSystem _stopped;

    private StoredDataset(SimulatedFileSystem stopped, IReadOnlyList<byte[]> frames, Lsn lastBatch, bool isClosed)
    {
        _stopped = stopped;
        Frames = frames;
        LastBatch = lastBatch;
        IsClosed = isClosed;
    }

    /// <summary>All messages, in the order of the log.</summary>
    public IReadOnlyList<byte[]> Frames { get; }

    /// <summary>Where the last batch begins.</summary>
    public Lsn LastBatch { get; }

    /// <summary>Whether the journal knows the end of the log.</summary>
    public bool IsClosed { get; }

    /// <summary>The paths of all files that have bytes.</summary>
    public IReadOnlyList<string> Paths => [.. Copy().Paths.Where(path => !path.EndsWith("dymes.lock", StringComparison.Ordinal))];

    /// <summary>How many segments there are; the last one grows.</summary>
    public int SegmentCount => Paths.Count(path => path.EndsWith(".msg", StringComparison.Ordinal));

    /// <summary>The message file that grows.</summary>
    public string LastSegment => Messages(SegmentCount);

    /// <summary>A dataset whose last process closed it.</summary>
    public static Task<StoredDataset> ClosedAsync() => MakeAsync(isClosed: true);

    /// <summary>A dataset whose last process was killed while nothing was being written: everything is on the disk, and the journal does not know it.</summary>
    public static Task<StoredDataset> KilledAsync() => MakeAsync(isClosed: false);

    /// <summary>The path of a segment's message file.</summary>
    public static string Messages(int segment) => Path.Combine(EngineFixture.Directory, $"dymes_{segment:D8}.msg");

    /// <summary>The path of a segment's index file.</summary>
    public static string Index(int segment) => Path.Combine(EngineFixture.Directory, $"dymes_{segment:D8}.idx");

    /// <summary>The path of the journal.</summary>
    public static string Journal => Path.Combine(EngineFixture.Directory, "dymes.journal");

    /// <summary>The disk, to be damaged.</summary>
    public SimulatedFileSystem Copy() => _stopped.Crash(CrashMode.KillProcess);

    /// <summary>Opens an engine on a disk of this dataset.</summary>
    public static DymesEngine Open(SimulatedFileSystem files, CollectingLogger? logger = null) =>
        DymesEngine.Open(new EngineOptions { Store = Options }, files, new SteppingClock(), logger);

    /// <summary>Checks a disk of this dataset.</summary>
    public static VerifyReport Check(SimulatedFileSystem files) => new StoreVerifier(files, EngineFixture.Directory).Check();

    /// <summary>Repairs a disk of this dataset.</summary>
    public static VerifyReport Repair(SimulatedFileSystem files, bool cutTail = false) => new StoreVerifier(files, EngineFixture.Directory).Repair(cutTail);

    private static async Task<StoredDataset> MakeAsync(bool isClosed)
    {
        var files = new SimulatedFileSystem();
        var clock = new SteppingClock();
        var random = new Random(7);
        var engine = EngineFixture.Open(files, clock, Options);
        var parent = await FillAsync(engine, clock, random, default);
        await engine.DisposeAsync();
        engine = EngineFixture.Open(files, clock, Options);
        await FillAsync(engine, clock, random, parent);
        var segments = (await engine.GetStatusAsync()).SegmentCount;
        while ((await engine.GetStatusAsync()).SegmentCount == segments)
        {
            await engine.AppendAsync(MessageDraft.Request(new MessageDraft("until the next segment begins")));
        }

        var last = (await engine.AppendAsync(MessageDraft.Atomic(new MessageDraft("last of all"), new MessageDraft("very last")))).First.Lsn;
        var frames = await engine.ReadAllAsync();
        if (isClosed)
        {
            await engine.DisposeAsync();
            return new StoredDataset(files, frames, last, isClosed: true);
        }

        // Sealing goes on in the background: the next process makes the index files that are still missing, and is killed in turn.
        files = await KillAsync(engine, files);
        engine = EngineFixture.Open(files, clock, Options);
        return new StoredDataset(await KillAsync(engine, files), frames, last, isClosed: false);
    }

    private static async Task<MessageId> FillAsync(DymesEngine engine, SteppingClock clock, Random random, MessageId parent)
    {
        for (var i = 0; i < 7; i++)
        {
            clock.Step(TimeSpan.FromMilliseconds(random.Next(-5, 20)));
            var draft = new MessageDraft(new string((char)('a' + i), random.Next(400)))
            {
                Parent = parent,
                Channel = new ChannelId((UInt128)(uint)random.Next(3)),
                Routing = (UInt128)(uint)i,
                Kv = [("kind", $"{i}"), ("empty", "")],
            };
            var receipts = (await engine.AppendAsync(MessageDraft.Once($"request {random.Next()}", draft, draft with { Body = "second", ChannelName = "orders" }))).Receipts;
            parent = receipts[random.Next(2)].Id;
        }

        var imported = MessageDraft.Request(new MessageDraft("imported") { Id = new MessageId((UInt128)(uint)random.Next(1 << 20) << 90) });
        await engine.AppendAsync(imported);
        return parent;
    }

    private static async Task<SimulatedFileSystem> KillAsync(DymesEngine engine, SimulatedFileSystem files)
    {
        var found = files.Crash(CrashMode.KillProcess);
        try
        {
            await engine.DisposeAsync();
        }
        catch (IOException)
        {
            // the disk of the process that died
        }

        return found;
    }
}
