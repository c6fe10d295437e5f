using System.Globalization;
using System.Net;
using System.Text;

namespace Dymes.Benchmarks.Plots;

/// <summary>A picture as text. Coordinates are pixels from the upper left corner.</summary>
internal sealed class Svg
{
    private readonly StringBuilder _text = new();

    public Svg(double width, double height)
    {
        _text.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:0} {height:0}\" font-family=\"sans-serif\" font-size=\"12\">\n");
        Rectangle(0, 0, width, height, Palette.Paper);
    }

    public void Rectangle(double x, double y, double width, double height, string color) =>
        _text.Append(CultureInfo.InvariantCulture, $"<rect x=\"{x:0.#}\" y=\"{y:0.#}\" width=\"{width:0.#}\" height=\"{height:0.#}\" fill=\"{color}\"/>\n");

    public void Line(double fromX, double fromY, double toX, double toY, string color, double width = 1) =>
        _text.Append(CultureInfo.InvariantCulture, $"<line x1=\"{fromX:0.#}\" y1=\"{fromY:0.#}\" x2=\"{toX:0.#}\" y2=\"{toY:0.#}\" stroke=\"{color}\" stroke-width=\"{width:0.#}\"/>\n");

    public void Path(IEnumerable<(double X, double Y)> points, string color)
    {
        var list = string.Join(' ', points.Select(point => string.Create(CultureInfo.InvariantCulture, $"{point.X:0.#},{point.Y:0.#}")));
        _text.Append(CultureInfo.InvariantCulture, $"<polyline points=\"{list}\" fill=\"none\" stroke=\"{color}\" stroke-width=\"2\"/>\n");
    }

    public void Dot(double x, double y, string color) => _text.Append(CultureInfo.InvariantCulture, $"<circle cx=\"{x:0.#}\" cy=\"{y:0.#}\" r=\"3.5\" fill=\"{color}\"/>\n");

    public void Ring(double x, double y, string color) => _text.Append(CultureInfo.InvariantCulture, $"<circle cx=\"{x:0.#}\" cy=\"{y:0.#}\" r=\"4\" fill=\"{Palette.Paper}\" stroke=\"{color}\" stroke-width=\"1.5\"/>\n");

    /// <summary>What the whole picture shows.</summary>
    public void Heading(double x, double y, string text) => Text(x, y, text, weight: "bold");

    /// <param name="x">Where it is anchored.</param>
    /// <param name="y">Its base line.</param>
    /// <param name="text">What it says.</param>
    /// <param name="anchor"><c>start</c>, <c>middle</c> or <c>end</c>: which part of it stands at the place.</param>
    /// <param name="color">Its color.</param>
    /// <param name="weight"><c>normal</c> or <c>bold</c>.</param>
    public void Text(double x, double y, string text, string anchor = "start", string color = Palette.Ink, string weight = "normal") =>
        _text.Append(CultureInfo.InvariantCulture, $"<text x=\"{x:0.#}\" y=\"{y:0.#}\" text-anchor=\"{anchor}\" fill=\"{color}\" font-weight=\"{weight}\">{WebUtility.HtmlEncode(text)}</text>\n");

    public override string ToString() => _text + "</svg>\n";
}
