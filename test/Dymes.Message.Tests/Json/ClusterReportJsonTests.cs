using System.Buffers;
using System.Text;
using System.Text.Json;
using Dymes.Message.Json;
using Dymes.Message.Log;

namespace Dymes.Message.Tests.Json;

public sealed class ClusterReportJsonTests
{
    [Fact]
    public void A_report_is_read_as_it_was_written()
    {
        var report = new ClusterReport("orders", 3, 7, 1,
        [
            new ReplicaReport(0, "a", "127.0.0.1:11111", "http://127.0.0.1:6510", SiloState.Alive, new ReplicaProgress
            {
                Status = ReplicaState.ViewChange, View = 7, LastOp = ulong.MaxValue, Commit = 5, Lag = 1, NextLsn = 9, LastHeardMilliseconds = 12, Disk = LogCondition.DiskFull, Detail = "The disk is full.",
            }),
            new ReplicaReport(1, "b", null, null, SiloState.Unknown, null),
        ]);
        var read = ClusterReportJson.Read(Bytes(report));
        Assert.Equal(report with { Replicas = read.Replicas }, read);
        Assert.Equal(report.Replicas, read.Replicas);
    }

    [Fact]
    public void Fields_have_underscores_and_states_dashes()
    {
        var json = Encoding.UTF8.GetString(Bytes(new ClusterReport("x", 1, null, null,
        [
            new ReplicaReport(0, "a", null, null, SiloState.Alive, new ReplicaProgress { Status = ReplicaState.ViewChange, LastOp = 2, Disk = LogCondition.NotReady }),
        ])));
        foreach (var part in new[] { "\"mode\":\"one-node\"", "\"view\":null", "\"status\":\"view-change\"", "\"last_op\":2", "\"disk\":\"not-ready\"", "\"silo\":\"alive\"" })
        {
            Assert.Contains(part, json, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("{\"cluster\":\"x\",\"epoch\":1,\"view\":null,\"primary\":null,\"replicas\":null}")]
    [InlineData("{\"cluster\":\"x\",\"epoch\":1,\"view\":null,\"primary\":null,\"replicas\":[{\"replica\":0,\"name\":\"a\",\"address\":null,\"http\":null,\"silo\":\"asleep\",\"progress\":null}]}")]
    public void What_is_no_report_is_refused(string json) => Assert.ThrowsAny<JsonException>(() => ClusterReportJson.Read(Encoding.UTF8.GetBytes(json)));

    private static byte[] Bytes(ClusterReport report)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes))
        {
            ClusterReportJson.Write(json, report);
        }

        return bytes.WrittenSpan.ToArray();
    }
}
