namespace Dymes.Vsr.Simulation.Telling;

/// <summary>Where in a picture a time is.</summary>
/// <param name="EndMicroseconds">The time at the right end.</param>
/// <param name="Left">Where the picture begins.</param>
/// <param name="Width">How wide it is.</param>
internal sealed record TimeScale(ulong EndMicroseconds, int Left, int Width)
{
    private const ulong Second = 1_000_000;
    private const ulong MarksMax = 15;

    /// <summary>The time between two marks: whole seconds.</summary>
    public ulong StepMicroseconds => Second * ((EndMicroseconds / Second / MarksMax) + 1);

    public double X(ulong microseconds) => Left + (Width * (double)microseconds / Math.Max(1, EndMicroseconds));
}
