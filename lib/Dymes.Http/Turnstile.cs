using Dymes.Http.Answering;

namespace Dymes.Http;

/// <summary>Lets in so many at a time; the next one is refused rather than kept waiting.</summary>
internal sealed class Turnstile(int max, string what, Action<int> count)
{
    private int _inside;

    /// <summary>Goes in, until the pass is disposed of.</summary>
    /// <exception cref="Refusal">All places are taken.</exception>
    public Pass Enter()
    {
        if (Interlocked.Increment(ref _inside) > max)
        {
            Interlocked.Decrement(ref _inside);
            throw Refusal.Overloaded($"{max} {what} are under way, which is the most at a time. Try again when one has ended.");
        }

        count(1);
        return new Pass(this);
    }

    private void Leave()
    {
        Interlocked.Decrement(ref _inside);
        count(-1);
    }

    internal sealed class Pass(Turnstile turnstile) : IDisposable
    {
        private Turnstile? _turnstile = turnstile;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _turnstile, null) is { } entered)
            {
                entered.Leave();
            }
        }
    }
}
