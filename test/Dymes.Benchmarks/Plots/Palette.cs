namespace Dymes.Benchmarks.Plots;

/// <summary>Colors of Okabe and Ito, which people tell apart who do not see all colors.</summary>
internal static class Palette
{
    public const string Ink = "#222222";
    public const string Grid = "#dddddd";
    public const string Faint = "#777777";
    private static readonly string[] Colors = ["#0072b2", "#009e73", "#56b4e9", "#e69f00", "#d55e00", "#cc79a7", "#999999", "#f0e442"];

    public static string Of(int number) => Colors[number % Colors.Length];
}
