namespace Dymes.Membership.Quorum;

/// <summary>The way to this silo's own acceptor.</summary>
/// <param name="name">The silo's name.</param>
/// <param name="acceptor">The acceptor.</param>
internal sealed class LocalAcceptor(string name, Acceptor acceptor) : IAcceptorPath
{
    public string? Trouble { get; private set; }

    // Off the caller's thread: the disk may take its time.
    public Task<AcceptorAnswer?> AskAsync(AcceptorRequest request) => Task.Run(() =>
    {
        try
        {
            var answer = acceptor.Answer(request);
            Trouble = answer.State is null ? $"{name} (this silo) has no memory of it yet" : null;
            return answer;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Trouble = $"{name} (this silo) cannot keep it: {error.Message}";
            return null;
        }
    });
}
