using System.Globalization;
using System.IO.Compression;
using System.Text;
using Dymes.Message;
using Dymes.Message.Log;
using Dymes.Testing;
using Dymes.Testing.Model;

namespace Dymes.Tools.Tests;

public sealed class TransferTests : ToolBench
{
    public static TheoryData<string, string> Forms => new()
    {
        { "ndjson", "out.ndjson" }, { "ndjson", "out.ndjson.gz" }, { "json", "out.json" }, { "json", "out.json.gz" }, { "frames", "out.frames" }, { "frames", "out.frames.gz" },
    };

    [Theory]
    [Trait("original", "defect 7")]
    [MemberData(nameof(Forms))]
    public async Task What_was_exported_is_imported_byte_for_byte(string form, string file)
    {
        await FillAsync();
        var before = await Log.ReadAllAsync();

        var export = await RunAsync("export", "--format", form, "-o", PathOf(file));
        var copy = new InMemoryMessageLog(Clock);
        var import = await ImportIntoAsync(copy, "-i", PathOf(file));

        Assert.Equal((0, $"{before.Count} messages exported"), (export.ExitCode, export.Output.Split(',')[0]));
        Assert.Equal((0, $"{before.Count} read: {before.Count} appended, 0 were there, 0 refused\n", ""), (import.ExitCode, import.Output, import.Error));
        Assert.Equal(before, await copy.ReadAllAsync());
        Assert.Equal("orders-42", (await copy.FindChannelAsync(ChannelId.OfName("orders-42")))!.Name);
    }

    [Fact]
    public async Task An_export_goes_to_standard_output_and_into_an_import_from_standard_input()
    {
        await FillAsync();
        var export = await RunAsync("export");
        var copy = new InMemoryMessageLog(Clock);

        Assert.Equal(0, (await ImportIntoAsync(copy, export.Bytes)).ExitCode);

        Assert.Equal(await Log.ReadAllAsync(), await copy.ReadAllAsync());
    }

    [Fact]
    [Trait("original", "defect 7")]
    public async Task Base64_is_written_once()
    {
        await GivenAsync(new MessageDraft("hello") { Id = OldId(1), Channel = new ChannelId(702) });

        Assert.Equal(
            $$"""{"encoded_id":"{{OldId(1)}}","channel":"0x2be","routing":"0x0","kv_entries":[],"encoded_msg_body":"aGVsbG8="}""" + "\n",
            (await RunAsync("export")).Output);
        Assert.Equal(
            $$"""
            [
            {"id":"{{OldId(1)}}","correlation_id":"00000000000000000000000000","channel":702,"routing":0,"headers":[],"content":"aGVsbG8="}
            ]

            """.ReplaceLineEndings("\n"),
            (await RunAsync("export", "--format", "json")).Output);
    }

    [Theory]
    [Trait("original", "defect 7")]
    [InlineData("ndjson", "out")]
    [InlineData("json", "out")]
    [InlineData("frames", "out")]
    [InlineData("ndjson", "out.gz")]
    [InlineData("frames", "out.gz")]
    public async Task Added_to_twice_a_file_is_one_readable_document(string form, string file)
    {
        await FillAsync();
        var query = (string[])["export", "--format", form, "-o", PathOf(file), "--append"];
        Assert.Equal(0, (await RunAsync([.. query, "--to-lsn", "4"])).ExitCode);
        Assert.Equal(0, (await RunAsync([.. query, "--from-lsn", "9000"])).ExitCode);
        Assert.Equal(0, (await RunAsync([.. query, "--from-lsn", "5"])).ExitCode);

        if (form == "json")
        {
            using var document = System.Text.Json.JsonDocument.Parse(await File.ReadAllTextAsync(PathOf(file)));
            Assert.Equal((await Log.ReadAllAsync()).Count, document.RootElement.GetArrayLength());
        }

        var copy = new InMemoryMessageLog(Clock);
        Assert.Equal(0, (await ImportIntoAsync(copy, "-i", PathOf(file))).ExitCode);
        Assert.Equal(await Log.ReadAllAsync(), await copy.ReadAllAsync());
    }

    [Fact]
    public async Task An_empty_array_is_added_to_like_any_other()
    {
        await GivenAsync(new MessageDraft("a"));
        var file = PathOf("out.json");
        Assert.Equal(0, (await RunAsync("export", "--format", "json", "-o", file, "--from-lsn", "9")).ExitCode);
        Assert.Equal("[\n]\n", await File.ReadAllTextAsync(file));
        Assert.Equal(0, (await RunAsync("export", "--format", "json", "-o", file, "--append")).ExitCode);

        using var document = System.Text.Json.JsonDocument.Parse(await File.ReadAllTextAsync(file));
        Assert.Equal(1, document.RootElement.GetArrayLength());
    }

    [Fact]
    public async Task A_line_that_an_interrupted_export_left_is_cut_before_more_is_added()
    {
        await GivenAsync(new MessageDraft("a"), new MessageDraft("b"));
        var file = PathOf("out.ndjson");
        await RunAsync("export", "-o", file, "--to-lsn", "0");
        await File.AppendAllTextAsync(file, "{\"encoded_id\":\"01K70");
        await RunAsync("export", "-o", file, "--from-lsn", "1", "--append");

        Assert.Equal((await RunAsync("export")).Output, await File.ReadAllTextAsync(file));
    }

    [Theory]
    [InlineData("json", "out.json.gz", "[]")]
    [InlineData("json", "out.json", "[1,2")]
    [InlineData("json", "out.json", "no array")]
    public async Task What_cannot_be_added_to_is_left_as_it_is(string form, string file, string content)
    {
        await File.WriteAllTextAsync(PathOf(file), content);

        var run = await RunAsync("export", "--format", form, "-o", PathOf(file), "--append");

        Assert.Equal(2, run.ExitCode);
        Assert.Equal(content, await File.ReadAllTextAsync(PathOf(file)));
    }

    [Theory]
    [InlineData("ndjson")]
    [InlineData("json")]
    [InlineData("frames")]
    public async Task An_export_to_a_full_disk_says_so_with_its_exit_code(string format)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only Linux has a device that is always full");
        await GivenAsync(new MessageDraft("a"));

        var run = await RunAsync("export", "-o", "/dev/full", "--format", format);

        Assert.Equal(13, run.ExitCode);
        Assert.Contains("Free some space", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_export_that_finds_no_node_leaves_the_old_file_alone()
    {
        await File.WriteAllTextAsync(PathOf("out"), "precious");

        var run = await RunOfflineAsync([], ["export", "-o", PathOf("out"), "--retry", "0", "--url", "http://127.0.0.1:1"]);

        Assert.Equal((19, "precious"), (run.ExitCode, await File.ReadAllTextAsync(PathOf("out"))));
    }

    [Fact]
    public async Task The_originals_export_is_read_even_with_the_second_array_that_its_append_left()
    {
        var text = $$"""
            [{"id":"{{OldId(1)}}","correlation_id":"00000000000000000000000000","channel":340282366920938463463374607431768211455,"routing":5,"headers":[{"key":"k","value":"}]\"{["}],"content":"aGVs\u0062G8="}]
            [ {"id":"{{OldId(2)}}","correlation_id":"{{OldId(1)}}","channel":0,"routing":0,"headers":[],"content":""}
            ]
            """;

        var run = await RunAsync(Encoding.UTF8.GetBytes(text), ["import"]);

        Assert.Equal((0, "2 read: 2 appended, 0 were there, 0 refused\n"), (run.ExitCode, run.Output));
        var stored = await Log.ReadAllAsync();
        Assert.Equal(["hello", ""], stored.Select(LogReading.BodyOf));
        Assert.Equal(UInt128.MaxValue, Frames.First(stored[0]).Channel.Value);
        Assert.Equal(OldId(1), Frames.First(stored[1]).CorrelationId);
    }

    [Fact]
    public async Task An_import_again_leaves_what_is_there_alone()
    {
        await FillAsync();
        var count = (await Log.ReadAllAsync()).Count;
        var export = await RunAsync("export");

        var run = await RunAsync(export.Bytes, ["import", "--json"]);

        Assert.Equal((0, $$"""{"read":{{count}},"appended":0,"present":{{count}},"refused":0}""" + "\n"), (run.ExitCode, run.Output));
        Assert.Equal(count, (await Log.ReadAllAsync()).Count);
    }

    [Fact]
    public async Task A_bad_item_is_told_with_its_place_and_the_rest_goes_on()
    {
        await GivenAsync(new MessageDraft("taken") { Id = OldId(3) });
        string[] lines =
        [
            Line(1, "AAAA"), "{\"encoded_id\":", "", "no json", Line(2, "!!!!"), Line(3, "AAAA"), """{"channel":1}""", Line(4, "AAAA"), "[1,2]",
            $$"""{"encoded_id":"{{OldId(5)}}","kv_entries":[{"key":"","value":""}]}""", Line(6, "AAAA"),
        ];

        var run = await RunAsync(Encoding.UTF8.GetBytes(string.Join("\n", lines)), ["import"]);

        Assert.Equal((1, "10 read: 3 appended, 0 were there, 7 refused\n"), (run.ExitCode, run.Output));
        Assert.Equal(
            [2, 4, 5, 6, 7, 9, 10],
            run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => int.Parse(line["line ".Length..line.IndexOf(':', StringComparison.Ordinal)], CultureInfo.InvariantCulture)).Order());
        Assert.Equal([OldId(3), OldId(1), OldId(4), OldId(6)], (await Log.ReadAllAsync()).Select(LogReading.IdOf));
    }

    [Fact]
    public async Task An_item_that_only_the_node_refuses_does_not_take_its_batch_down()
    {
        string[] lines = [Line(1, "AAAA"), $$"""{"encoded_id":"{{OldId(2)}}","channel":1,"kv_entries":[{"key":"dymes:channel","value":"not the name of 1"}],"encoded_msg_body":""}""", Line(3, "AAAA")];

        var run = await RunAsync(Encoding.UTF8.GetBytes(string.Join("\n", lines)), ["import"]);

        Assert.Equal((1, "3 read: 2 appended, 0 were there, 1 refused\n"), (run.ExitCode, run.Output));
        Assert.StartsWith("line 2: ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_import_resumes_at_an_id()
    {
        var text = Encoding.UTF8.GetBytes(string.Join("\n", Enumerable.Range(1, 5).Select(number => Line(number, "AAAA"))));

        var run = await RunAsync(text, ["import", "--start", OldId(4).ToString()]);
        var none = await RunAsync(text, ["import", "--start", OldId(9).ToString()]);

        Assert.Equal((0, "2 read: 2 appended, 0 were there, 0 refused\n"), (run.ExitCode, run.Output));
        Assert.Equal((3, ""), (none.ExitCode, none.Output));
        Assert.Equal([OldId(4), OldId(5)], (await Log.ReadAllAsync()).Select(LogReading.IdOf));
    }

    [Fact]
    public async Task An_import_that_loses_its_node_tells_where_to_go_on()
    {
        var run = await RunOfflineAsync(Encoding.UTF8.GetBytes(Line(1, "AAAA")), ["import", "--retry", "0", "--url", "http://127.0.0.1:1"]);

        Assert.Equal(19, run.ExitCode);
        Assert.Contains($"stopped at line 1; go on with --start {OldId(1)}", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Missing_parents_are_fine_unless_they_are_checked()
    {
        var child = $$"""{"encoded_id":"{{OldId(2)}}","encoded_correlation_id":"{{OldId(1)}}","encoded_msg_body":""}""";

        var strict = await RunAsync(Encoding.UTF8.GetBytes(child), ["import", "--check-parents"]);
        var lenient = await RunAsync(Encoding.UTF8.GetBytes(child), ["import"]);

        Assert.Equal((1, 0), (strict.ExitCode, lenient.ExitCode));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n\n")]
    [InlineData("[]")]
    [InlineData(" [ ] \n")]
    public async Task An_input_without_items_imports_nothing(string input)
    {
        var run = await RunAsync(Encoding.UTF8.GetBytes(input), ["import"]);

        Assert.Equal((0, "0 read: 0 appended, 0 were there, 0 refused\n"), (run.ExitCode, run.Output));
    }

    [Fact]
    public async Task An_array_or_a_frame_that_is_cut_off_is_told_after_what_came_before_it()
    {
        await GivenAsync(new MessageDraft("a") { Id = OldId(1) });
        var frames = await RunAsync("export", "--format", "frames");
        var array = await RunAsync("export", "--format", "json");
        var copy = new InMemoryMessageLog(Clock);

        var cutFrames = await ImportIntoAsync(copy, [.. frames.Bytes, .. frames.Bytes[..50]]);
        var cutArray = await ImportIntoAsync(copy, array.Bytes[..^10]);

        Assert.Equal((2, 2), (cutFrames.ExitCode, cutArray.ExitCode));
        Assert.Contains("cut off", cutFrames.Error, StringComparison.Ordinal);
        Assert.Contains("cut off", cutArray.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_compressed_export_is_compressed()
    {
        await GivenAsync([.. Enumerable.Range(0, 100).Select(number => new MessageDraft(new string('x', 1000)) { Id = OldId(number) })]);
        await RunAsync("export", "-o", PathOf("out.gz"));

        Assert.InRange(new FileInfo(PathOf("out.gz")).Length, 1, 20_000);
        await using var file = new GZipStream(File.OpenRead(PathOf("out.gz")), CompressionMode.Decompress);
        using var reader = new StreamReader(file);
        Assert.Equal((await RunAsync("export")).Output, await reader.ReadToEndAsync());
    }

    private static string Line(int number, string body) => $$"""{"encoded_id":"{{OldId(number)}}","channel":{{number}},"encoded_msg_body":"{{body}}"}""";

    private Task<ToolRun> ImportIntoAsync(IMessageLog log, params string[] options) => ImportIntoAsync(log, [], options);

    private async Task<ToolRun> ImportIntoAsync(IMessageLog log, byte[] input, params string[] options)
    {
        await using var node = await Dymes.Client.Tests.Nodes.TestNode.StartAsync(log);
        return await RunOfflineAsync(input, ["import", .. options, "--url", node.Address.AbsoluteUri]);
    }

    // Bodies from nothing to the largest, all 128 bits, names, marks, entries of any text, and ids that are not in the log's order.
    private async Task FillAsync()
    {
        var sizes = new[] { 0, 1, 3072, 3073, 100_000, MessageLimits.FrameBytesMax - MessageLimits.FrameHeaderBytes };
        foreach (var (size, index) in sizes.Select((size, index) => (size, index)))
        {
            await GivenAsync(new MessageDraft
            {
                Bytes = [.. Enumerable.Range(0, size).Select(at => (byte)(at * 7))],
                Id = OldId(100 - index),
                Channel = new ChannelId(UInt128.MaxValue - (UInt128)index),
                Routing = (UInt128.One << 127) + (UInt128)index,
            });
        }

        await GivenAsync(
            new MessageDraft("named") { ChannelName = "orders-42", Kv = [("ключ \"quoted\" \\", "значение\n\t\0"), ("empty", "")] },
            new MessageDraft("child") { Parent = OldId(100), Kv = [("emoji", "🦀"), ("html", "<&>'")] });
        await Log.AppendAsync(MessageDraft.Once("a key", new MessageDraft("once"), new MessageDraft("twice")));
        for (var block = 0; block < 3; block++)
        {
            await GivenAsync([.. Enumerable.Range(0, 1500).Select(number => new MessageDraft($"{block} {number}"))]);
        }
    }
}
