using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Dymes.MessageStore.Tests.Formats;

/// <summary>doc/file-format.md shows bytes; they are the ones that are written.</summary>
public sealed partial class FileFormatDocumentTests
{
    [Fact]
    public void The_document_shows_the_bytes_that_are_written()
    {
        var shown = Shown();
        var written = FileFormatExamples.All();
        Assert.Equal(written.Keys.Order(StringComparer.Ordinal), shown.Keys.Order(StringComparer.Ordinal));
        Assert.All(written, example => Assert.True(
            example.Value.AsSpan().SequenceEqual(shown[example.Key]), $"doc/file-format.md shows other bytes for '{example.Key}'; they are now\n{Dump(example.Value)}"));
    }

    [Fact]
    public void The_document_names_the_version_that_is_written() =>
        Assert.Contains($"format version {StoreLimits.FormatVersion}", Document(), StringComparison.Ordinal);

    // Blocks fenced as ```hex name, each line an offset and bytes.
    private static Dictionary<string, byte[]> Shown() => Block().Matches(Document()).ToDictionary(
        block => block.Groups["name"].Value,
        block => block.Groups["lines"].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1))
            .Select(digits => byte.Parse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture))
            .ToArray());

    private static string Dump(byte[] bytes)
    {
        var text = new StringBuilder();
        for (var offset = 0; offset < bytes.Length; offset += 16)
        {
            var line = bytes.AsSpan(offset, Math.Min(16, bytes.Length - offset)).ToArray();
            text.Append(CultureInfo.InvariantCulture, $"{offset:x4}  {string.Join(' ', line.Select(value => value.ToString("x2", CultureInfo.InvariantCulture)))}\n");
        }

        return text.ToString();
    }

    private static string Document()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "Dymes.sln")))
        {
            directory = directory.Parent ?? throw new InvalidOperationException("The tests do not run within the repository.");
        }

        return File.ReadAllText(Path.Combine(directory.FullName, "doc", "file-format.md")).ReplaceLineEndings("\n");
    }

    [GeneratedRegex("^```hex (?<name>[^\n]+)\n(?<lines>[^`]*)```", RegexOptions.Multiline)]
    private static partial Regex Block();
}
