namespace Dymes.Benchmarks.Plots;

/// <summary>Colors of Okabe and Ito, which people tell apart who do not see all colors.</summary>
internal static class Palette
{
    public const string Ink = "#222222";
    public const string Paper = "#ffffff"; // or a dark page would swallow the letters
    public const string Grid = "#dddddd";
    public const string Faint = "#777777";

    /// <summary>Dymes, and where it is ahead.</summary>
    public const string Ours = "#0072b2";

    /// <summary>Where Dymes is behind.</summary>
    public const string Behind = "#d55e00";

    /// <summary>Those that Dymes is held against.</summary>
    public const string Rival = "#8c96a0";

    /// <summary>Those that it is not.</summary>
    public const string Aside = "#d3d8dd";

    private static readonly string[] Colors = [Ours, "#009e73", "#56b4e9", "#e69f00", Behind, "#cc79a7", "#999999", "#f0e442"];

    public static string Of(int number) => Colors[number % Colors.Length];
}
