using Dymes.Common;
using Dymes.Programs.Configuration;
using Dymes.Tools.Clustering;
using Dymes.Tools.Options;

namespace Dymes.Tools.Tests;

public sealed class LocalClusterTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("dymes-local-");

    private string Folder => Path.Combine(_directory.FullName, "cluster");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public void A_new_cluster_has_a_file_for_each_silo_and_no_port_twice()
    {
        var cluster = LocalCluster.Open(Folder, 7, 7000);
        Assert.Equal("a,b,c,d,e,f,g", cluster.Replicas.Names);
        Assert.Equal("a=127.0.0.1:7200/7300/http://127.0.0.1:7000", cluster.Replicas.Seats[0].ToString());
        var files = cluster.Replicas.Seats.Select(seat => SettingsSource.OfYaml(cluster.ConfigOf(seat)).Values).ToArray();
        Assert.Equal(14, files.SelectMany(file => new[] { file["http.port"], file["metrics.port"] }).Distinct().Count());
        Assert.Equal(7, files.Select(file => file["store.dataPath"]).Distinct().Count());
        Assert.All(files, file => Assert.Equal(cluster.MembershipFile, file["cluster.membershipFile"]));
    }

    [Fact]
    public void The_tool_takes_such_a_file_for_its_own()
    {
        var cluster = LocalCluster.Open(Folder, 3, 7000);
        var settings = SettingsReader.Read<ToolSettings>([SettingsSource.OfYaml(cluster.ConfigOf(cluster.Replicas.Seats[1]))], ServerKeys.All);
        Assert.Equal(7001, settings.Http.Port);
    }

    [Fact]
    public void A_cluster_that_is_there_keeps_its_ports_and_what_was_changed_in_its_files()
    {
        var cluster = LocalCluster.Open(Folder, 3, 7000);
        File.AppendAllText(cluster.ConfigOf(cluster.Replicas.Seats[2]), "logging:\n  level: debug\n");
        var again = LocalCluster.Open(Folder, 3, 8000);
        Assert.Equal(cluster.Replicas.ToString(), again.Replicas.ToString());
        Assert.Contains("debug", File.ReadAllText(again.ConfigOf(again.Replicas.Seats[2])), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(5, "3 replicas")]
    [InlineData(1, "3 replicas")]
    public void A_cluster_of_another_size_is_refused(int count, string expected)
    {
        LocalCluster.Open(Folder, 3, 7000);
        var refusal = Assert.Throws<DymesException>(() => LocalCluster.Open(Folder, count, 7000));
        Assert.Equal("--replicas", refusal.Field);
        Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_beginning_that_broke_off_begins_again()
    {
        var cluster = LocalCluster.Open(Folder, 3, 7000);
        File.Delete(cluster.ConfigOf(cluster.Replicas.Seats[0]));
        Assert.Equal("a,b,c,d,e", LocalCluster.Open(Folder, 5, 9000).Replicas.Names);
    }
}
