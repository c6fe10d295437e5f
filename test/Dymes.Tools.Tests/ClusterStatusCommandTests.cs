using System.Text.Json;
using Dymes.Message.Log;
using Dymes.Tools.Clustering;

namespace Dymes.Tools.Tests;

public sealed class ClusterStatusCommandTests : ToolBench
{
    [Fact]
    public async Task A_node_alone_answers_with_itself()
    {
        var run = await RunAsync("cluster", "status");
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.StartsWith("cluster dymes, epoch 1\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("0  node  alive  normal", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_gets_the_document_of_the_API()
    {
        var run = await RunAsync("cluster", "status", "--json");
        using var document = JsonDocument.Parse(run.Output);
        Assert.Equal("one-node", document.RootElement.GetProperty("mode").GetString());
        Assert.Equal("normal", document.RootElement.GetProperty("replicas")[0].GetProperty("progress").GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_node_that_does_not_answer_is_told_of()
    {
        var run = await RunOfflineAsync([], ["cluster", "status", "--url", "http://127.0.0.1:9"]);
        Assert.Equal(19, run.ExitCode);
    }

    [Fact]
    public async Task The_next_node_is_asked_where_the_first_one_is_lost()
    {
        var run = await RunOfflineAsync([], ["cluster", "status", "--url", $"http://127.0.0.1:9,{Address}"]);
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("0  node  alive", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_table_says_what_each_replica_is_and_how_far_it_is()
    {
        var lines = ClusterTable.Lines(new ClusterReport("orders", 2, 7, 1,
        [
            new ReplicaReport(0, "a", "h:1", "http://h:2", SiloState.Alive, new ReplicaProgress { Status = ReplicaState.Normal, View = 7, LastOp = 1234, Commit = 1230, Lag = 3, LastHeardMilliseconds = 12, ScrubPercent = 100, DamageFound = 0 }),
            new ReplicaReport(1, "b", "h:3", null, SiloState.Alive, new ReplicaProgress { Status = ReplicaState.Normal, View = 7, LastOp = 1234, Commit = 1233, Lag = 0, Disk = LogCondition.DiskFull, Detail = "No room.", ScrubPercent = 34, DamageFound = 2 }),
            new ReplicaReport(2, "c", "h:5", null, SiloState.Dead, null),
        ]));
        Assert.Equal(
            """
            cluster orders, epoch 2, view 7, primary b

               name  silo   replica  view     op  commit  lag  heard  disk   address
            0  a     alive  normal      7  1,234   1,230    3  12 ms  ready  http://h:2
            1  b     alive  primary     7  1,234   1,233    0      -  full   h:3
            2  c     dead   -           -      -       -    -      -  -      h:5
            b: No room.
            b: It reads its files to find damage: 34 %.
            b: It has found 2 damaged places in its files since it was started; its log says where, and what became of them.
            """.ReplaceLineEndings("\n"), string.Join('\n', lines));
    }
}
