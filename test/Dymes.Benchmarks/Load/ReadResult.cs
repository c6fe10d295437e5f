namespace Dymes.Benchmarks.Load;

/// <summary>What came of a question, and how fast.</summary>
/// <param name="Messages">How many messages came.</param>
/// <param name="Seconds">How long it took until all were there.</param>
/// <param name="FirstSeconds">How long until the first was there.</param>
internal sealed record ReadResult(long Messages, double Seconds, double FirstSeconds)
{
    public double PerSecond => Messages / Seconds;
}
