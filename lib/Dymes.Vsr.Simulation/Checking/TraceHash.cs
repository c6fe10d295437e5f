namespace Dymes.Vsr.Simulation.Checking;

/// <summary>A number that stands for all that happened, in its order: two runs with the same one were the same run.</summary>
internal sealed class TraceHash
{
    public ulong Value { get; private set; } = 0x9E3779B97F4A7C15;

    public void Add(ulong what)
    {
        var z = (Value ^ what) * 0xBF58476D1CE4E5B9;
        Value = z ^ (z >> 29);
    }

    public void Add(ulong what, ulong when, ulong detail)
    {
        Add(what);
        Add(when);
        Add(detail);
    }
}
