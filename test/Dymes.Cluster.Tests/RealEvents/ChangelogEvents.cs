using System.Globalization;
using System.IO.Compression;
using System.Text.RegularExpressions;
using Dymes.Message;

namespace Dymes.Cluster.Tests.RealEvents;

/// <summary>
/// The releases of Debian packages, from their changelogs: a channel per source package, each release correlated with the one before it. Releases of one package come
/// oldest first as their changelog tells, which is not always the order of their dates.
/// </summary>
internal static partial class ChangelogEvents
{
    [GeneratedRegex(@"^(?<package>[a-z0-9][a-z0-9+.-]*) \((?<version>[^)\s]+)\)")]
    private static partial Regex Head { get; }

    [GeneratedRegex(@"^ -- (?<author>.*?)  \w{3}, *(?<date>\d{1,2} \w{3} \d{4} \d\d:\d\d:\d\d [+-]\d{4})")]
    private static partial Regex Tail { get; }

    public static IEnumerable<RealEvent> Read(string documents)
    {
        if (!Directory.Exists(documents))
        {
            yield break;
        }

        // Packages built from one source share its changelog; newer ones have more of it.
        var known = new Dictionary<(string Package, string Version), MessageId>();
        foreach (var file in Directory.EnumerateFiles(documents, "changelog*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var parent = MessageId.None;
            foreach (var release in Releases(file).AsEnumerable().Reverse())
            {
                if (!known.TryGetValue((release.Package, release.Version), out var id))
                {
                    var created = RealEvent.Create(
                        release.Time, "release", $"{release.Package} {release.Version}", $"package/{release.Package}", parent,
                        new { version = release.Version, author = release.Author, changes = release.Changes });
                    known.Add((release.Package, release.Version), created.Id);
                    yield return created;
                    id = created.Id;
                }

                parent = id;
            }
        }
    }

    private static List<Release> Releases(string file)
    {
        var releases = new List<Release>();
        Match? head = null;
        var changes = new List<string>();
        foreach (var line in Lines(file))
        {
            if (Head.Match(line) is { Success: true } start)
            {
                head = start;
                changes.Clear();
            }
            else if (head is not null && Tail.Match(line) is { Success: true } end
                && DateTimeOffset.TryParseExact(end.Groups["date"].Value, "d MMM yyyy HH:mm:ss zzz", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
                && time > DateTimeOffset.UnixEpoch)
            {
                releases.Add(new Release(head.Groups["package"].Value, head.Groups["version"].Value, time, end.Groups["author"].Value, string.Join('\n', changes)));
                head = null;
            }
            else if (line.Length > 0)
            {
                changes.Add(line);
            }
        }

        return releases;
    }

    private static IEnumerable<string> Lines(string file)
    {
        using var stream = File.OpenRead(file);
        using var text = new StreamReader(file.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(stream, CompressionMode.Decompress) : stream);
        while (text.ReadLine() is { } line)
        {
            yield return line;
        }
    }

    private sealed record Release(string Package, string Version, DateTimeOffset Time, string Author, string Changes);
}
