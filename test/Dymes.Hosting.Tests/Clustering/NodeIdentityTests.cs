using Dymes.Common;
using Dymes.MessageStore.Files;
using Dymes.Programs.Replicas;
using Dymes.Silo.Clustering;

namespace Dymes.Hosting.Tests.Clustering;

public sealed class NodeIdentityTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("dymes-identity-");
    private readonly ReplicaGroup _group = new("orders", 2, "b", "a,b,c");

    private string Data => Path.Combine(_directory.FullName, "data");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public void A_directory_that_was_nobodys_is_the_nodes_from_then_on()
    {
        Claim(_group);
        Claim(_group);
        Assert.Equal(NodeIdentity.FileName, Path.GetFileName(Assert.Single(Directory.GetFiles(Data))));
    }

    [Theory]
    [InlineData("invoices", 2, "b", "a,b,c", "cluster 'orders'", "cluster 'invoices'")]
    [InlineData("orders", 1, "b", "a,b,c", "epoch 2", "epoch 1")]
    [InlineData("orders", 2, "c", "a,b,c", "replica 1 ('b')", "replica 2 ('c')")]
    [InlineData("orders", 2, "b", "b,a,c", "(a,b,c)", "(b,a,c)")]
    [InlineData("orders", 2, "b", "b", "of 3", "of 1")]
    [InlineData("orders", 3, "b", "b", "of 3", "by 'dymes export' and 'dymes import'")]
    [InlineData("invoices", 3, "b", "a,b,c", "cluster 'orders'", "cluster 'invoices'")]
    public void Another_node_is_refused_with_both_values(string cluster, int epoch, string name, string names, string owners, string mine)
    {
        Claim(_group);
        var refusal = Assert.Throws<DymesException>(() => Claim(new ReplicaGroup(cluster, epoch, name, names)));
        Assert.Equal(ErrorCode.ForeignFile, refusal.Code);
        Assert.Contains(owners, refusal.Message, StringComparison.Ordinal);
        Assert.Contains(mine, refusal.Message, StringComparison.Ordinal);
        Claim(_group);
    }

    [Theory]
    [InlineData("b", "a,b,c")]
    [InlineData("b", "b,d,a")]
    [InlineData("e", "a,b,c,d,e")]
    public void A_new_list_with_a_greater_epoch_takes_over_the_data_for_good(string name, string names)
    {
        Claim(_group);
        Claim(new ReplicaGroup("orders", 3, name, names));
        Claim(new ReplicaGroup("orders", 3, name, names));
        Assert.Equal(ErrorCode.ForeignFile, Assert.Throws<DymesException>(() => Claim(_group)).Code);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{ \"format\": \"dymes-node-1\", \"cluster\": \"ord")]
    [InlineData("{ \"format\": \"another\", \"cluster\": \"orders\", \"epoch\": 2, \"name\": \"b\", \"replicas\": \"a,b,c\" }")]
    public void A_damaged_file_is_refused_with_the_next_step(string content)
    {
        Directory.CreateDirectory(Data);
        File.WriteAllText(Path.Combine(Data, NodeIdentity.FileName), content);
        var refusal = Assert.Throws<DymesException>(() => Claim(_group));
        Assert.Equal(ErrorCode.StorageDamaged, refusal.Code);
        Assert.Contains("delete the file", refusal.Message, StringComparison.Ordinal);
    }

    private void Claim(ReplicaGroup group) => NodeIdentity.Claim(Data, group, OsFileSystem.Instance);
}
