using Dymes.Membership.Quorum;
using Dymes.Membership.Quorum.Register;
using Dymes.Programs.Replicas;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dymes.Membership.Tests.Quorum;

public sealed class RegisterFileTests : IDisposable
{
    private static readonly ReplicaGroup Group = new("test", 1, "b", "a,b,c");
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("dymes-register-");

    private string FilePath => Path.Combine(_directory.FullName, RegisterFile.FileName);

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public void What_was_kept_last_is_remembered()
    {
        Assert.Null(Reopened(Group));
        using (var file = new RegisterFile(FilePath, Group, NullLogger.Instance))
        {
            file.Keep(Promised(1));
            file.Keep(Promised(2));
            file.Keep(Promised(3));
        }

        Assert.Equal(Promised(3), Reopened(Group));
    }

    [Theory]
    [InlineData(2, "test")]
    [InlineData(1, "elsewhere")]
    public void What_was_kept_in_another_group_is_none_of_the_memory(int epoch, string cluster)
    {
        Keep(Promised(1));
        Assert.Null(Reopened(Group with { Epoch = epoch, ClusterId = cluster }));
    }

    [Fact]
    public void A_write_that_was_torn_leaves_what_was_kept_before()
    {
        Keep(Promised(1), Promised(2));
        Damage(offset: 100);
        Assert.Equal(Promised(1), Reopened(Group));
    }

    [Fact]
    public void A_file_of_garbage_is_no_memory()
    {
        File.WriteAllBytes(FilePath, [.. Enumerable.Repeat((byte)'x', 1000)]);
        Assert.Null(Reopened(Group));
        Keep(Promised(5));
        Assert.Equal(Promised(5), Reopened(Group));
    }

    private static AcceptorState Promised(long round) => AcceptorState.Empty with { Promised = new Ballot(round, 1) };

    private void Keep(params AcceptorState[] states)
    {
        using var file = new RegisterFile(FilePath, Group, NullLogger.Instance);
        Assert.All(states, file.Keep);
    }

    // The second state stands in the first place.
    private void Damage(int offset)
    {
        using var file = File.OpenWrite(FilePath);
        file.Position = offset;
        file.WriteByte(0);
    }

    private AcceptorState? Reopened(ReplicaGroup group)
    {
        using var file = new RegisterFile(FilePath, group, NullLogger.Instance);
        return file.Kept;
    }
}
