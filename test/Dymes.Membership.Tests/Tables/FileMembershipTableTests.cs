using Dymes.Common;

namespace Dymes.Membership.Tests.Tables;

public sealed class FileMembershipTableTests : MembershipTableContract
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("dymes-members-");

    private string File => Path.Combine(_directory.FullName, "below", "members.json");

    protected override MembershipSource Source(string clusterId) => new(MembershipKind.File, clusterId) { File = File };

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _directory.Delete(recursive: true);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{ \"format\": \"dymes-members-1\", \"clu")]
    [InlineData("null")]
    [InlineData("[1]")]
    public async Task A_damaged_file_is_refused_with_the_next_step(string content)
    {
        await System.IO.File.WriteAllTextAsync(File, content);
        var refusal = await Assert.ThrowsAsync<DymesException>(() => OpenAsync(Opened));
        Assert.Contains(File, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("stop all silos that use it, delete it", refusal.Message, StringComparison.Ordinal);
        Assert.Equal("cluster.membershipFile", refusal.Field);
        Assert.Equal(content, await System.IO.File.ReadAllTextAsync(File));
    }

    [Fact]
    public async Task A_file_of_another_cluster_is_refused_with_both_ids()
    {
        var mine = Opened;
        var refusal = await Assert.ThrowsAsync<DymesException>(() => OpenAsync(mine with { ClusterId = "elsewhere" }));
        Assert.Equal((ErrorCode.ForeignFile, "cluster.id"), (refusal.Code, refusal.Field));
        Assert.Contains($"'{mine.ClusterId}'", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("'elsewhere'", refusal.Message, StringComparison.Ordinal);
        await OpenAsync(mine);
    }

    [Fact]
    public async Task A_writer_that_was_killed_leaves_the_old_table_and_blocks_nobody()
    {
        var table = await OpenAsync(Opened);
        await table.InsertAsync(Silos.Row());
        await System.IO.File.WriteAllTextAsync(File + ".new", "{ \"format\": \"dym");
        await System.IO.File.WriteAllTextAsync(File + ".lock", "");
        Assert.Single((await table.ReadAllAsync(default)).Members);
        await table.InsertAsync(Silos.Row());
        Assert.Equal(2, (await table.ReadAllAsync(default)).Members.Count);
    }

    [Fact]
    public async Task A_reader_sees_whole_tables_while_others_write()
    {
        const int Rows = 20;
        var table = await OpenAsync(Opened);
        var writing = Task.Run(() => table.InsertAsync([.. Enumerable.Range(0, Rows).Select(_ => Silos.Row())]));
        var seen = 0;
        while (seen < Rows)
        {
            var now = await table.ReadAllAsync(default);
            Assert.Equal(now.Version.Version, now.Members.Count);
            Assert.InRange(now.Members.Count, seen, Rows);
            seen = now.Members.Count;
            Assert.False(writing.IsFaulted, writing.Exception?.ToString());
        }

        await writing;
    }
}
