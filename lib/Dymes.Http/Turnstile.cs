using Dymes.Http.Answering;

namespace Dymes.Http;

/// <summary>Lets in so many at a time; the next one is refused rather than kept waiting.</summary>
internal sealed class Turnstile(int max, string what)
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

        return new Pass(this);
    }

    internal sealed class Pass(Turnstile turnstile) : IDisposable
    {
        private Turnstile? _turnstile = turnstile;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _turnstile, null) is { } entered)
            {
                Interlocked.Decrement(ref entered._inside);
            }
        }
    }
}
