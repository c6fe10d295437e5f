using Dymes.Benchmarks.Load;
using Dymes.Testing;

namespace Dymes.Benchmarks.Tests;

public sealed class RunProgressTests
{
    private readonly ManualClock _clock = new();
    private readonly StringWriter _told = new();

    private string LastLine => _told.ToString().TrimEnd().Split('\n')[^1];

    [Fact]
    public void It_begins_with_an_estimate_of_the_whole_and_its_parts()
    {
        Of(("Singles", 90), ("Reading", 30)).Announce();

        Assert.Equal("This run takes about 2 min 0 s: Singles 1 min 30 s; Reading 30 s.", LastLine);
    }

    [Fact]
    public void A_step_says_which_it_is_of_how_many_and_what_is_left_of_all_parts()
    {
        var progress = Of(("Singles", 100), ("Reading", 30));
        progress.BeginPart();
        progress.Expect(4);
        progress.Step("etcd");
        _clock.Advance(TimeSpan.FromSeconds(20));
        progress.Step("NATS");

        Assert.Equal("[20 s, about 1 min 45 s left] Singles, 2 of 4: NATS", LastLine);
    }

    [Fact]
    public void Steps_that_are_left_out_leave_less_to_do()
    {
        var progress = Of(("Singles", 100));
        progress.BeginPart();
        progress.Expect(4);
        progress.Skip(3);
        progress.Step("NATS");

        Assert.Equal("[0 s, about 25 s left] Singles, 4 of 4: NATS", LastLine);
    }

    [Fact]
    public void What_an_earlier_part_left_undone_counts_no_longer()
    {
        var progress = Of(("Singles", 100), ("Reading", 30));
        progress.BeginPart();
        progress.BeginPart();
        progress.Expect(1);
        progress.Step("NATS");

        Assert.Equal("[0 s, about 30 s left] Reading, 1 of 1: NATS", LastLine);
    }

    private RunProgress Of(params (string Name, int Seconds)[] parts) => new([.. parts.Select(part => (part.Name, TimeSpan.FromSeconds(part.Seconds)))], _clock, _told);
}
