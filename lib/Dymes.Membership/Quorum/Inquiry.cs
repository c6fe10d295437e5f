namespace Dymes.Membership.Quorum;

/// <summary>A question to all acceptors at once, whose answers are heard one at a time, until enough was heard or nobody is left. Who answers later is not waited for.</summary>
/// <param name="acceptors">The ways to the acceptors.</param>
/// <param name="hear">Hears an acceptor's answer, and says whether that is enough.</param>
internal sealed class Inquiry(IReadOnlyList<IAcceptorPath> acceptors, Func<int, AcceptorAnswer, bool> hear)
{
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _over = new();
    private int _left = acceptors.Count;
    private bool _isOver;

    public Task AskAsync(AcceptorRequest request)
    {
        for (var number = 0; number < acceptors.Count; number++)
        {
            _ = AskAsync(number, request);
        }

        return _over.Task;
    }

    private async Task AskAsync(int number, AcceptorRequest request)
    {
        try
        {
            Count(number, await acceptors[number].AskAsync(request).ConfigureAwait(false));
        }
        catch (Exception error)
        {
            _over.TrySetException(error);
        }
    }

    private void Count(int number, AcceptorAnswer? answer)
    {
        lock (_gate)
        {
            if (_isOver)
            {
                return;
            }

            _left--;
            _isOver = (answer is not null && hear(number, answer)) || _left == 0;
            if (!_isOver)
            {
                return;
            }
        }

        _over.TrySetResult();
    }
}
