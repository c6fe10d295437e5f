using System.Globalization;

namespace Dymes.Benchmarks.Plots;

/// <summary>Where numbers lie along a line.</summary>
internal sealed class Axis
{
    private const double TicksWanted = 5;
    private readonly double _least;
    private readonly double _most;
    private readonly bool _isLogarithmic;

    private Axis(double least, double most, bool isLogarithmic) => (_least, _most, _isLogarithmic) = (least, most, isLogarithmic);

    /// <summary>The numbers to write beside it.</summary>
    public IReadOnlyList<double> Ticks { get; private init; } = [];

    /// <summary>From nothing to at least this much, in even steps.</summary>
    public static Axis Linear(double most)
    {
        most = most > 0 ? most : 1;
        var rough = most / TicksWanted;
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        var step = new[] { 1, 2, 5, 10 }.First(each => each * power >= rough * 0.999) * power;
        var count = (int)Math.Ceiling(most / step * 0.999);
        return new Axis(0, step * count, isLogarithmic: false) { Ticks = [.. Enumerable.Range(0, count + 1).Select(i => i * step)] };
    }

    /// <summary>Powers of ten, which hold all of these positive numbers between them.</summary>
    public static Axis Logarithmic(IReadOnlyCollection<double> numbers)
    {
        var (first, last) = ((int)Math.Floor(Math.Log10(numbers.Min()) + 1e-9), (int)Math.Ceiling(Math.Log10(numbers.Max()) - 1e-9));
        last = Math.Max(last, first + 1);
        return new Axis(first, last, isLogarithmic: true) { Ticks = [.. Enumerable.Range(first, last - first + 1).Select(power => Math.Pow(10, power))] };
    }

    /// <summary>How far along a number lies, from 0 to 1.</summary>
    public double PlaceOf(double number) => ((_isLogarithmic ? Math.Log10(number) : number) - _least) / (_most - _least);

    /// <summary>A number in few characters.</summary>
    public static string Text(double number) => number switch
    {
        >= 1e6 => string.Create(CultureInfo.InvariantCulture, $"{number / 1e6:0.##} M"),
        >= 1e4 => string.Create(CultureInfo.InvariantCulture, $"{number / 1e3:0.#} k"),
        >= 100 => number.ToString("#,0", CultureInfo.InvariantCulture),
        >= 10 => number.ToString("0.#", CultureInfo.InvariantCulture),
        _ => number.ToString("0.###", CultureInfo.InvariantCulture),
    };
}
