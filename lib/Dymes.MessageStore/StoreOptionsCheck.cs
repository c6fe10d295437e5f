using System.Text.RegularExpressions;
using Dymes.Common;

namespace Dymes.MessageStore;

/// <summary>Refuses options out of their ranges, naming option, value and range.</summary>
internal static partial class StoreOptionsCheck
{
    private const long ReserveBytesCeiling = 1L << 40;
    private const long ScrubBytesCeiling = 1L << 30;

    public static void Require(StoreOptions options)
    {
        Require(Name().IsMatch(options.Dataset), "dataset", options.Dataset, "1 to 64 characters of a-z, 0-9, - and _");
        Require(options.SegmentBytesMax is >= StoreLimits.SegmentBytesFloor and <= StoreLimits.SegmentBytesCeiling, "segmentBytesMax", options.SegmentBytesMax, "65536 to 1073741824");
        Require(options.SegmentMessagesMax is >= 1 and <= StoreLimits.SegmentMessagesCeiling, "segmentMessagesMax", options.SegmentMessagesMax, "1 to 1048576");
        Require(options.ReserveBytes is >= 0 and <= ReserveBytesCeiling, "reserveBytes", options.ReserveBytes, "0 to 1099511627776");
        Require(options.ScrubBytesPerSecond is >= 0 and <= ScrubBytesCeiling, "scrubBytesPerSecond", options.ScrubBytesPerSecond, "0 to 1073741824");
        Require(options.ScrubEvery >= TimeSpan.FromSeconds(1) && options.ScrubEvery <= TimeSpan.FromDays(30), "scrubEvery", options.ScrubEvery, "1 s to 30 d");
    }

    private static void Require(bool holds, string name, object value, string range)
    {
        if (!holds)
        {
            throw new DymesException(ErrorCode.ConfigurationInvalid, $"{name} is {value}; it must be {range}.") { Field = name };
        }
    }

    [GeneratedRegex("^[a-z0-9_-]{1,64}$")]
    private static partial Regex Name();
}
