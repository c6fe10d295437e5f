using Dymes.Message.Log;
using Dymes.MessageStore;
using Dymes.MessageStore.Files;
using Dymes.Testing;

namespace Dymes.Engine.Tests;

/// <summary>More at once than one thread sequences while another writes.</summary>
public sealed class LoadTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("dymes-load-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Theory]
    [InlineData(8, 150, 200)]
    [InlineData(16, 3_000, 1)]
    [InlineData(6, 600, 40)]
    public async Task Batches_of_all_sizes_take_turns_and_each_message_is_stored_once(int senders, int requests, int messages)
    {
        var frames = Frames.Join(Enumerable.Repeat(new MessageDraft(new string('x', 1_500)).ToFrame(), messages));
        var store = new StoreOptions { Directory = _directory.FullName, SyncLevel = SyncLevel.None, ReserveBytes = 0 };
        await using (var engine = EngineFixture.Open(OsFileSystem.Instance, TimeProvider.System, store))
        {
            var positions = await Task.WhenAll(Enumerable.Range(0, senders).Select(_ => Task.Run(() => SendAsync(engine, frames, requests, messages))));
            Assert.Equal(Enumerable.Range(0, senders * requests * messages), positions.SelectMany(each => each).Order());
        }

        await using var reopened = EngineFixture.Open(OsFileSystem.Instance, TimeProvider.System, store);
        Assert.Equal(senders * requests * messages, (await reopened.ReadAllAsync()).Count);
    }

    private static async Task<List<int>> SendAsync(DymesEngine engine, byte[] frames, int requests, int messages)
    {
        var positions = new List<int>();
        for (var i = 0; i < requests; i++)
        {
            var result = await engine.AppendAsync(new AppendRequest { Frames = frames, Count = messages });
            positions.AddRange(result.Receipts.Select(receipt => (int)receipt.Lsn.Value));
        }

        return positions;
    }
}
