using Dymes.Benchmarks.Plots;

namespace Dymes.Benchmarks.Tests;

public sealed class AxisTests
{
    [Theory]
    [InlineData(1, "0,0.2,0.4,0.6,0.8,1")]
    [InlineData(7, "0,2,4,6,8")]
    [InlineData(31_200, "0,10000,20000,30000,40000")]
    [InlineData(0.013, "0,0.005,0.01,0.015")]
    public void An_even_axis_begins_at_nothing_and_holds_its_largest_number(double most, string ticks) =>
        Assert.Equal(ticks, string.Join(',', Axis.Linear(most).Ticks.Select(tick => tick.ToString("0.####", System.Globalization.CultureInfo.InvariantCulture))));

    [Fact]
    public void An_even_axis_of_nothing_has_a_length() => Assert.Equal(0, Axis.Linear(0).PlaceOf(0));

    [Fact]
    public void A_logarithmic_axis_spans_the_powers_of_ten_around_its_numbers()
    {
        var axis = Axis.Logarithmic([3, 450]);

        Assert.Equal([1, 10, 100, 1000], axis.Ticks);
        Assert.Equal((0, 1), (axis.PlaceOf(1), axis.PlaceOf(1000)));
        Assert.Equal(1 / 3.0, axis.PlaceOf(10), precision: 9);
    }

    [Fact]
    public void A_logarithmic_axis_of_one_number_has_a_length() => Assert.Equal([100, 1000], Axis.Logarithmic([100, 100]).Ticks);

    [Theory]
    [InlineData(0.0123, "0.012")]
    [InlineData(999, "999")]
    [InlineData(9_999, "9,999")]
    [InlineData(31_230, "31.2 k")]
    [InlineData(1_250_000, "1.25 M")]
    public void A_number_takes_few_characters(double number, string text) => Assert.Equal(text, Axis.Text(number));
}
