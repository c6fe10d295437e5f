using System.Globalization;
using Dymes.Message;

namespace Dymes.Cluster.Tests.RealEvents;

/// <summary>What dpkg did on this machine, line by line of its log: a channel per installed package, each step correlated with the one before it.</summary>
internal static class InstallationEvents
{
    public static IEnumerable<RealEvent> Read(string log)
    {
        if (!File.Exists(log))
        {
            yield break;
        }

        var last = new Dictionary<string, MessageId>();
        var number = 0;
        foreach (var line in File.ReadLines(log))
        {
            number++;
            var words = line.Split(' ');
            var package = words.Skip(2).FirstOrDefault(word => word.Contains(':'));
            if (package is null || !DateTimeOffset.TryParseExact($"{words[0]} {words[1]}", "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
            {
                continue;
            }

            var step = RealEvent.Create(
                time, "install", $"{number} {line}", $"installed/{package}", last.GetValueOrDefault(package), new { action = words[2], line });
            last[package] = step.Id;
            yield return step;
        }
    }
}
