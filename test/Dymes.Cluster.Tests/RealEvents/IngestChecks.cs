namespace Dymes.Cluster.Tests.RealEvents;

/// <summary>Asks the node and the table the same questions.</summary>
internal sealed class IngestChecks(RealEventLog log, TableQuestions table, NodeQuestions node)
{
    private readonly Random _random = new(log.Events.Count);

    /// <summary>How many questions were asked.</summary>
    public int Questions { get; private set; }

    /// <summary>How many ids and bodies were compared.</summary>
    public long Compared { get; private set; }

    public async Task CheckEverythingAsync()
    {
        Compare("everything in order of time", table.InTimeOrder(), await node.InTimeOrderAsync());
        Compare("the sizes of all channels", table.ChannelSizes(), await node.ChannelSizesAsync());
    }

    /// <summary>Ranges between the times of two events, some of them of a single instant.</summary>
    public async Task CheckRangesAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            var first = Pick().Id.Time;
            var second = i % 4 == 0 ? first : Pick().Id.Time;
            var (from, to) = first < second ? (first, second) : (second, first);
            Compare($"{from:O} to {to:O}", table.Between(from.ToUnixTimeMilliseconds(), to.ToUnixTimeMilliseconds()), await node.BetweenAsync(from, to));
        }
    }

    /// <summary>Channels of picked events, so that large ones come more often, and the largest and a smallest one.</summary>
    public async Task CheckChannelsAsync(int count)
    {
        var sizes = log.Events.CountBy(one => one.Channel).OrderBy(channel => channel.Value).ToList();
        string[] channels = [sizes[0].Key, sizes[^1].Key, .. Enumerable.Range(0, count).Select(_ => Pick().Channel)];
        foreach (var channel in channels.Distinct())
        {
            Compare($"channel {channel}", table.InChannel(channel), await node.InChannelAsync(channel));
            Compare($"files of channel {channel}", table.OfKindInChannel(channel, "file"), await node.OfKindInChannelAsync(channel, "file"));
        }

        Compare("a channel that is not there", [], await node.InChannelAsync("directory/not/there"));
    }

    /// <summary>Chains up from picked events and trees below them, and the tree below the event with the most children.</summary>
    public async Task CheckTreesAsync(int count)
    {
        var fertile = log.Events.CountBy(one => one.Parent).Where(parent => !parent.Key.IsNone).MaxBy(parent => parent.Value).Key.ToString();
        string[] ids = [fertile, log.Events[0].Id.ToString(), .. Enumerable.Range(0, count).Select(_ => Pick().Id.ToString())];
        foreach (var id in ids.Distinct())
        {
            Compare($"ancestors of {id}", table.Ancestors(id), await node.AncestorsAsync(id));
            Compare($"descendants of {id}", table.Descendants(id), await node.DescendantsAsync(id));
        }

        var root = log.Events.First(one => one.Kind == "directory").Id.ToString();
        Compare("the whole tree of directories", table.Descendants(root), await node.DescendantsAsync(root));
    }

    public async Task CheckBodiesAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            var one = Pick();
            Compare($"the body of {one.Id}", [one.Body], [await node.BodyAsync(one.Id.ToString())]);
        }
    }

    private RealEvent Pick() => log.Events[_random.Next(log.Events.Count)];

    private void Compare(string question, IReadOnlyList<string> expected, IReadOnlyList<string> found)
    {
        Questions++;
        Compared += expected.Count;
        Assert.True(
            expected.SequenceEqual(found),
            $"{question}: {expected.Count} expected, {found.Count} found. Missing: {string.Join(' ', expected.Except(found).Take(5))}; too many: {string.Join(' ', found.Except(expected).Take(5))}");
    }
}
