using System.Text;
using Dymes.Common;
using Dymes.Message.Log;
using Dymes.Testing;

namespace Dymes.Message.Tests.Log;

public sealed class AppendRequestTests
{
    [Fact]
    public void Sizes_are_taken_up_to_their_limits()
    {
        new AppendRequest { Frames = new byte[MessageLimits.RequestBytesMax], Count = MessageLimits.RequestMessagesMax }.Validate();
        AssertRefused(ErrorCode.TooLarge, new AppendRequest { Frames = new byte[MessageLimits.RequestBytesMax + 1], Count = 1 });
        AssertRefused(ErrorCode.TooLarge, new AppendRequest { Frames = new byte[128], Count = MessageLimits.RequestMessagesMax + 1 });
        AssertRefused(ErrorCode.TooLarge, new AppendRequest { Frames = default, Count = 0 });
    }

    [Fact]
    public void Conditions_name_messages_of_the_request_in_order()
    {
        WithConditions(0, 2).Validate();
        AssertRefused(ErrorCode.InvalidArgument, WithConditions(2, 0));
        AssertRefused(ErrorCode.InvalidArgument, WithConditions(1, 1));
        AssertRefused(ErrorCode.InvalidArgument, WithConditions(3));
        AssertRefused(ErrorCode.InvalidArgument, WithConditions(-1));
    }

    [Fact]
    public void A_key_needs_its_mark_on_the_first_frame()
    {
        var marked = MessageDraft.Once("key", new MessageDraft("a"), new MessageDraft("b"));
        marked.Validate();
        AssertRefused(ErrorCode.InvalidArgument, WithKey(MessageDraft.Atomic(new MessageDraft("a"), new MessageDraft("b")), "key"));
        AssertRefused(ErrorCode.InvalidArgument, WithKey(marked, "other key"));
        var one = Frames.Split(marked.Frames.Span)[0];
        AssertRefused(ErrorCode.InvalidArgument, new AppendRequest { Frames = one, Count = 1, IdempotencyKey = "key" });
    }

    [Theory]
    [InlineData("key")]
    [InlineData("with:colons:in it")]
    [InlineData("ключ")]
    public void A_mark_is_read_as_it_was_put(string key)
    {
        var frame = Frames.First(MessageDraft.Once(key, new MessageDraft(), new MessageDraft()).Frames.Span);
        Assert.True(IdempotencyMark.TryGet(frame, out var count, out var read));
        Assert.Equal((2, key), (count, Encoding.UTF8.GetString(read)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("key")]
    [InlineData(":key")]
    [InlineData("-1:key")]
    [InlineData("1x:key")]
    [InlineData("99999999999:key")]
    public void Another_value_under_the_reserved_key_is_no_mark(string value)
    {
        var frame = Frames.First(new MessageDraft { Kv = [("dymes:idempotency", value)] }.ToFrame());
        Assert.False(IdempotencyMark.TryGet(frame, out _, out _));
        Assert.False(IdempotencyMark.TryGet(Frames.First(new MessageDraft().ToFrame()), out _, out _));
    }

    [Theory]
    [InlineData("dymes:channel", true)]
    [InlineData("dymes:", true)]
    [InlineData("dymes", false)]
    [InlineData("Dymes:channel", false)]
    [InlineData("my-dymes:channel", false)]
    public void Keys_with_the_prefix_are_reserved(string key, bool isReserved) => Assert.Equal(isReserved, ReservedKeys.IsReserved(Encoding.UTF8.GetBytes(key)));

    [Theory]
    [InlineData("0", 0)]
    [InlineData("0x1F", 31)]
    [InlineData("1f", 31)]
    [InlineData("0000000000000000000000000000001f", 31)]
    public void A_cursor_is_named_by_hexadecimal_digits(string text, int value)
    {
        Assert.True(CursorId.TryParse(text, out var id));
        Assert.Equal(new CursorId((UInt128)value), id);
        Assert.True(CursorId.TryParse(id.ToString(), out var again));
        Assert.Equal(id, again);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0x")]
    [InlineData("g")]
    [InlineData("-1")]
    [InlineData(" 1")]
    [InlineData("0x0x1")]
    [InlineData("100000000000000000000000000000000")]
    public void Other_texts_name_no_cursor(string text)
    {
        Assert.False(CursorId.TryParse(text, out var id));
        Assert.Equal(default, id);
    }

    private static AppendRequest WithConditions(params int[] indexes) => new()
    {
        Frames = MessageDraft.Request(new MessageDraft(), new MessageDraft(), new MessageDraft()).Frames,
        Count = 3,
        Conditions = [.. indexes.Select(index => new VersionCondition(index, 0))],
    };

    private static AppendRequest WithKey(AppendRequest request, string key) =>
        new() { Frames = request.Frames, Count = request.Count, IsAtomic = request.IsAtomic, IdempotencyKey = key };

    private static void AssertRefused(ErrorCode code, AppendRequest request) => Assert.Equal(code, Assert.Throws<DymesException>(request.Validate).Code);
}
