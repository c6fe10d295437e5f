using System.Collections;
using Dymes.Common;
using Dymes.Membership;
using Dymes.MessageStore;
using Dymes.Programs.Configuration;
using Dymes.Programs.Logging;
using Dymes.Silo.Settings;

namespace Dymes.Hosting.Tests;

public sealed class SettingsTests
{
    [Fact]
    public void Nothing_configured_gives_the_defaults()
    {
        var settings = Read([]);
        Assert.Equal(("./dymes-data", 6510, 6502, MembershipKind.Auto, 0), (
            settings.Store.DataPath, settings.Http.Port, settings.Metrics.Port, settings.Cluster.Membership, settings.Cluster.Replicas.Length));
        Assert.Equal(TimeSpan.FromHours(1), settings.Cursors.IdleTime);
    }

    [Fact]
    public void The_command_line_wins_over_the_environment_and_that_over_the_file()
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, "store:\n  dataPath: /from/file\n  syncLevel: messages\nhttp:\n  port: 1\n  host: 127.0.0.2\n");
            var environment = new Dictionary<string, string> { ["Dymes__Http__Port"] = "2", ["DYMES__HTTP__HOST"] = "127.0.0.3", ["PATH"] = "/bin" };
            var settings = Read(["--config", file, "--http.port=3", "--logging.level", "debug"], environment);
            Assert.Equal(("/from/file", SyncLevel.Messages, "127.0.0.3", 3, LoggingLevel.Debug), (
                settings.Store.DataPath, settings.Store.SyncLevel, settings.Http.Host, settings.Http.Port, settings.Logging.Level));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory]
    [InlineData("--http.prot=1", "http.prot", "'http.port'")]
    [InlineData("--store.path=x", "store.path", "'store.dataPath'")]
    [InlineData("--htttp.port=1", "htttp.port", "'http.port'")]
    public void An_unknown_key_is_refused_with_the_nearest_one(string argument, string field, string nearest)
    {
        var refusal = Assert.Throws<DymesException>(() => Read([argument]));
        Assert.Equal((ErrorCode.ConfigurationInvalid, field), (refusal.Code, refusal.Field));
        Assert.Contains(nearest, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("the command line", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--http.port=65536", "http.port", "from 0 to 65535")]
    [InlineData("--http.port=six", "http.port", "a whole number")]
    [InlineData("--store.segmentBytesMax=1KiB", "store.segmentBytesMax", "from 64KiB to 1GiB")]
    [InlineData("--store.segmentBytesMax=9223372036854775807GiB", "store.segmentBytesMax", "from 64KiB to 1GiB")]
    [InlineData("--store.syncLevel=1", "store.syncLevel", "none, messages, all")]
    [InlineData("--logging.level=verbose", "logging.level", "fine, debug, info, warn, err, fatal")]
    [InlineData("--cursors.idleTime=3600", "cursors.idleTime", "such as 500ms, 10s, 5m or 1h")]
    [InlineData("--http.enabled=yes", "http.enabled", "true or false")]
    [InlineData("--store.dataPath=", "store.dataPath", "not empty")]
    public void A_bad_value_is_refused_with_its_key_and_what_it_may_be(string argument, string field, string expected)
    {
        var refusal = Assert.Throws<DymesException>(() => Read([argument]));
        Assert.Equal((ErrorCode.ConfigurationInvalid, field), (refusal.Code, refusal.Field));
        Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--http.port")]
    [InlineData("start")]
    [InlineData("--config", "/no/such/file.yaml")]
    public void A_command_line_that_cannot_be_read_is_refused(params string[] arguments) =>
        Assert.Equal(ErrorCode.ConfigurationInvalid, Assert.Throws<DymesException>(() => Read(arguments)).Code);

    [Theory]
    [InlineData("store: [1, 2]\n")]
    [InlineData("store:\n  dataPath: [x, y]\n")]
    [InlineData("cluster:\n  replicas: [{ a: 1 }]\n")]
    [InlineData("cluster:\n  epoch: \"\"\n")]
    [InlineData("store:\n\tdataPath: x\n")]
    [InlineData("storage:\n  dataPath: x\n")]
    [InlineData("store:\n  dataPath: x\n  dataPath: y\n")]
    public void A_file_that_is_no_configuration_is_refused(string yaml)
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, yaml);
            Assert.Equal(ErrorCode.ConfigurationInvalid, Assert.Throws<DymesException>(() => Read(["--config", file])).Code);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory]
    [InlineData("cluster:\n  replicas:\n    - a=h:1/2\n    - b=h:3/4\n")]
    [InlineData("cluster:\n  replicas: [a=h:1/2, b=h:3/4]\n")]
    [InlineData("cluster:\n  replicas: a=h:1/2,b=h:3/4\n")]
    [InlineData("cluster:\n  replicas: a=h:1/2, b=h:3/4\n  name: \"\"\n")]
    public void A_list_may_be_written_as_one_or_with_commas(string yaml)
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, yaml);
            Assert.Equal(["a=h:1/2", "b=h:3/4"], Read(["--config", file]).Cluster.Replicas);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void A_secret_is_not_told()
    {
        Assert.Contains("cluster.connection=(secret)", SettingsReader.Describe(Read(["--cluster.connection=Password=x"])), StringComparison.Ordinal);
        Assert.Contains("cluster.connection= ", SettingsReader.Describe(Read([])), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_setting_reads_what_it_writes_and_no_class_has_more_than_ten()
    {
        var settings = new SiloSettings();
        foreach (var setting in Setting.AllOf<SiloSettings>())
        {
            setting.Set(settings, setting.Default, "a test");
            Assert.Equal(setting.Default, setting.TextIn(settings));
            Assert.NotEmpty(setting.Reason);
        }

        Assert.All(Setting.AllOf<SiloSettings>().GroupBy(setting => setting.Key.Split('.')[0]), section => Assert.True(section.Count() <= 10));
    }

    private static SiloSettings Read(string[] arguments, Dictionary<string, string>? environment = null) =>
        SettingsReader.Read<SiloSettings>(CommandLine.Parse(arguments).Sources(new Hashtable(environment ?? [])));
}
