using Dymes.Common;
using Dymes.Message;
using Dymes.Testing;
using Dymes.Testing.Simulation;

namespace Dymes.Engine.Tests.Damaged;

/// <summary>The index of a segment is gone, and its message file is damaged: what is made of the rest is true, whatever the bodies contain.</summary>
public sealed class SalvageTests
{
    [Fact]
    public async Task Frames_hidden_in_a_body_are_never_taken_for_messages()
    {
        var files = new SimulatedFileSystem();
        var store = EngineFixture.TinySegments(6);
        var engine = EngineFixture.Open(files, new SteppingClock(), store);
        await engine.AppendAsync(MessageDraft.Request(new MessageDraft("first")));
        await engine.AppendAsync(MessageDraft.Atomic(Hiding(1), new MessageDraft("between"), Hiding(3), new MessageDraft("fourth")));
        await engine.AppendAsync(MessageDraft.Request(Hiding(5)));
        await engine.AppendAsync(MessageDraft.Request(new MessageDraft("in the next segment") { Parent = LogReading.IdOf((await engine.ReadAllAsync())[1]) }));
        var known = await engine.ReadAllAsync();
        await engine.DisposeAsync();

        var questions = new Questions(known);
        var (refusedToOpen, refusals) = (0, 0);
        var path = StoredDataset.Messages(1);
        var bytes = files.ReadAll(path).Length;
        for (var at = 128; at < bytes; at += 8)
        {
            var damaged = files.Crash(CrashMode.KillProcess);
            damaged.FlipBit(path, (8L * at) + (at / 8 % 8));
            damaged.Delete(StoredDataset.Index(1));
            try
            {
                engine = EngineFixture.Open(damaged, new SteppingClock(), store);
            }
            catch (DymesException refusal)
            {
                Assert.Equal(ErrorCode.StorageDamaged, refusal.Code);
                Assert.Contains(path, refusal.Message, StringComparison.Ordinal);
                refusedToOpen++;
                continue;
            }

            refusals += await questions.AskAsync(engine, path);
            await engine.DisposeAsync();
        }

        Assert.InRange(refusedToOpen, 1, bytes / 8 / 4); // where a frame's header is hit; the rest can be served
        Assert.True(refusals > 0);
    }

    // Frames at every position that may be asked for next, at an offset where a frame may begin.
    private static MessageDraft Hiding(ulong lsn)
    {
        var forged = Enumerable.Range(0, 4).Select(step =>
        {
            var frame = new MessageDraft("forged").ToFrame();
            FrameStamp.Stamp(frame, new Lsn(lsn + (ulong)step), new MessageId((UInt128)lsn << 90));
            return frame;
        });
        return new MessageDraft { Bytes = Frames.Join(forged) };
    }
}
