using Dymes.Common;

namespace Dymes.Client.Tests;

public sealed class DymesClientOptionsTests
{
    [Fact]
    public void The_defaults_are_valid() => new DymesClientOptions().Validate();

    public static TheoryData<string, DymesClientOptions> Bad => new()
    {
        { nameof(DymesClientOptions.Addresses), new DymesClientOptions { Addresses = [] } },
        { nameof(DymesClientOptions.Addresses), new DymesClientOptions { Addresses = [new Uri("ftp://host/")] } },
        { nameof(DymesClientOptions.Addresses), new DymesClientOptions { Addresses = [new Uri("host", UriKind.Relative)] } },
        { nameof(DymesClientOptions.ConnectTimeout), new DymesClientOptions { ConnectTimeout = TimeSpan.Zero } },
        { nameof(DymesClientOptions.AttemptTimeout), new DymesClientOptions { AttemptTimeout = TimeSpan.FromDays(1) } },
        { nameof(DymesClientOptions.SilenceMax), new DymesClientOptions { SilenceMax = TimeSpan.FromMilliseconds(1) } },
        { nameof(DymesClientOptions.RetryDuration), new DymesClientOptions { RetryDuration = TimeSpan.FromSeconds(-1) } },
        { nameof(DymesClientOptions.BackoffFirst), new DymesClientOptions { BackoffFirst = TimeSpan.Zero } },
        { nameof(DymesClientOptions.BackoffMax), new DymesClientOptions { BackoffFirst = TimeSpan.FromSeconds(3), BackoffMax = TimeSpan.FromSeconds(2) } },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public void A_value_out_of_range_is_refused_by_name(string option, DymesClientOptions options)
    {
        var refusal = Assert.Throws<DymesException>(() => new DymesClient(options));

        Assert.Equal((ErrorCode.ConfigurationInvalid, option), (refusal.Code, refusal.Field));
    }
}
