using System.Text.Json;
using Dymes.Engine;
using Dymes.Message.Log;
using Dymes.MessageStore;
using Dymes.MessageStore.Files;
using Dymes.Testing;

namespace Dymes.Tools.Tests;

public sealed class VerifyCommandTests : ToolBench
{
    private const int Messages = 700;

    [Fact]
    public async Task A_sound_directory_is_told_so_whether_it_is_the_nodes_or_the_datasets()
    {
        await MakeAsync();

        var node = await VerifyAsync(Folder);
        var dataset = await VerifyAsync(PathOf("default"), "--json");

        Assert.Equal(0, node.ExitCode);
        Assert.EndsWith("  sound\n", node.Output, StringComparison.Ordinal);
        using var report = JsonDocument.Parse(dataset.Output);
        Assert.Equal(Messages, report.RootElement.GetProperty("messages").GetInt32());
        Assert.Equal(0, report.RootElement.GetProperty("faults").GetArrayLength());
    }

    [Fact]
    public async Task A_damaged_index_is_named_and_a_repair_mends_it()
    {
        await MakeAsync();
        var index = Directory.GetFiles(PathOf("default"), "*.idx").Order(StringComparer.Ordinal).First();
        Flip(index, 200);

        var check = await VerifyAsync(Folder);
        var repair = await VerifyAsync(Folder, "--repair");
        await ReopenAsync();
        var after = await VerifyAsync(Folder);

        Assert.Equal(1, check.ExitCode);
        Assert.Contains(index, check.Output, StringComparison.Ordinal);
        Assert.EndsWith("  run it with --repair\n", check.Output, StringComparison.Ordinal);
        Assert.Equal((0, 0), (repair.ExitCode, after.ExitCode));
        Assert.EndsWith("  repaired\n", repair.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_message_is_named_with_its_place_and_only_a_backup_mends_it()
    {
        await MakeAsync();
        var file = Directory.GetFiles(PathOf("default"), "*.msg").Order(StringComparer.Ordinal).First();
        Flip(file, 3000);

        var run = await VerifyAsync(Folder, "--repair", "--yes");

        Assert.Equal(14, run.ExitCode);
        Assert.Contains($"{file} at byte ", run.Output, StringComparison.Ordinal);
        Assert.EndsWith("restore the files named from a backup\n", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_tail_is_cut_only_when_that_is_confirmed()
    {
        await MakeAsync();
        var file = Directory.GetFiles(PathOf("default"), "*.msg").Order(StringComparer.Ordinal).Last();
        Flip(file, 600);
        var length = new FileInfo(file).Length;

        var check = await VerifyAsync(Folder, "--repair");
        Assert.Equal(1, check.ExitCode);
        Assert.Contains("--repair --yes", check.Output, StringComparison.Ordinal);
        Assert.Equal(length, new FileInfo(file).Length);

        Assert.Equal(0, (await VerifyAsync(Folder, "--repair", "--yes")).ExitCode);
        await ReopenAsync();
        Assert.Equal(0, (await VerifyAsync(Folder)).ExitCode);
    }

    [Fact]
    public async Task A_directory_in_use_or_without_a_dataset_is_refused()
    {
        Assert.Equal(3, (await VerifyAsync(Folder)).ExitCode);
        Assert.Equal(3, (await VerifyAsync(PathOf("nowhere"))).ExitCode);
        await using var engine = Open();
        await engine.AppendAsync(MessageDraft.Request(new MessageDraft("a")));
        Assert.Equal(17, (await VerifyAsync(Folder)).ExitCode);
    }

    private Task<ToolRun> VerifyAsync(params string[] args) => RunOfflineAsync([], ["verify", .. args]);

    private DymesEngine Open() => DymesEngine.Open(
        new EngineOptions { Store = new StoreOptions { Directory = PathOf("default"), SegmentBytesMax = 64 * 1024, ReserveBytes = 0 } }, OsFileSystem.Instance, Clock);

    private async Task MakeAsync()
    {
        await using var engine = Open();
        for (var number = 0; number < Messages; number += 7)
        {
            await engine.AppendAsync(MessageDraft.Request([.. Enumerable.Range(number, 7).Select(part => new MessageDraft(new string('x', part)))]));
        }
    }

    private async Task ReopenAsync()
    {
        await using var engine = Open();
        await foreach (var page in engine.QueryAsync(new MessageQuery()))
        {
            Assert.True(page.Count >= 0);
        }
    }

    private static void Flip(string path, int offset)
    {
        var bytes = File.ReadAllBytes(path);
        bytes[offset] ^= 1;
        File.WriteAllBytes(path, bytes);
    }
}
