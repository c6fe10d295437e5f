using Dymes.Hosting.Logging;
using Dymes.Programs.Logging;
using Microsoft.Extensions.Logging;

namespace Dymes.Hosting.Tests;

public sealed class DymesLoggingTests
{
    [Theory]
    [InlineData("Dymes.Silo", LogLevel.Information)]
    [InlineData("Microsoft.AspNetCore.Server.Kestrel", LogLevel.Warning)]
    [InlineData("Orleans.Runtime.Catalog", LogLevel.Error)]
    [InlineData("Dymes.Grains.Replicas.ReplicaService", LogLevel.Warning)]
    [InlineData("Dymes.Grains.Cursors.CursorService", LogLevel.Warning)]
    [InlineData("Polly", LogLevel.None)]
    public void An_operator_is_told_what_concerns_him(string category, LogLevel least)
    {
        using var logging = LoggerFactory.Create(builder => builder.UseDymes(new LoggingSettings()));
        var logger = logging.CreateLogger(category);

        Assert.Equal(least, Enum.GetValues<LogLevel>().First(level => level == LogLevel.None || logger.IsEnabled(level)));
    }

    [Fact]
    public void Who_debugs_is_told_everything()
    {
        using var logging = LoggerFactory.Create(builder => builder.UseDymes(new LoggingSettings { Level = LoggingLevel.Debug }));

        Assert.All(["Dymes.Grains.Replicas.ReplicaService", "Orleans.Runtime.Catalog", "Polly"], category => Assert.True(logging.CreateLogger(category).IsEnabled(LogLevel.Debug)));
    }
}
