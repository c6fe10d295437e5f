using System.Globalization;

namespace Dymes.Benchmarks.Load;

/// <summary>Tells whoever waits what a run does, which step of how many, and how much longer it may take.</summary>
/// <param name="parts">What the run consists of, and about how long each part takes.</param>
/// <param name="clock">Its time.</param>
/// <param name="output">Where it is told.</param>
internal sealed class RunProgress(IReadOnlyList<(string Name, TimeSpan Expected)> parts, TimeProvider clock, TextWriter output)
{
    private readonly long _began = clock.GetTimestamp();
    private int _part = -1;
    private int _steps;
    private int _done;

    /// <summary>About how long the whole run takes.</summary>
    public TimeSpan Expected => SumFrom(0);

    // A part that has told no number of steps yet is expected whole.
    private TimeSpan Left => _part < 0 ? Expected : SumFrom(_part + 1) + (parts[_part].Expected * (1 - (_done / (double)Math.Max(_steps, 1))));

    /// <summary>Tells what will be done.</summary>
    public void Announce() => output.WriteLine($"This run takes about {Text(Expected)}: {string.Join("; ", parts.Select(part => $"{part.Name} {Text(part.Expected)}"))}.");

    /// <summary>Goes on to the next part.</summary>
    public void BeginPart()
    {
        (_part, _steps, _done) = (_part + 1, 0, 0);
        output.WriteLine($"== {parts[_part].Name}");
    }

    /// <summary>Tells of how many steps the part consists, as soon as that is known.</summary>
    public void Expect(int steps) => (_steps, _done) = (steps, 0);

    /// <summary>Begins a step; those before it are done.</summary>
    public void Step(string what)
    {
        output.WriteLine($"[{Text(clock.GetElapsedTime(_began))}, about {Text(Left)} left] {parts[_part].Name}, {Math.Min(_done + 1, _steps)} of {_steps}: {what}");
        _done = Math.Min(_done + 1, _steps);
    }

    /// <summary>Counts steps that are left out as done.</summary>
    public void Skip(int steps = 1) => _done = Math.Min(_done + steps, _steps);

    private static string Text(TimeSpan time) => time >= TimeSpan.FromMinutes(1) ? string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalMinutes} min {time.Seconds} s") : string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0} s");

    private TimeSpan SumFrom(int part) => parts.Skip(part).Aggregate(TimeSpan.Zero, (sum, each) => sum + each.Expected);
}
