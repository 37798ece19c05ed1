using AlexNetSharp.Runs.Reports;

namespace AlexNetSharp.Runs.Tests.Reports;

public sealed class AxisTests
{
    [Fact]
    public void Sizes_CloseTogether_BeginAtZero()
    {
        Axis axis = Axis.Sizes("loss", [0.3, 2.1]);

        Assert.False(axis.IsLogarithmic);
        Assert.Equal((0, 2.5), (axis.Least, axis.Greatest));
        Assert.Equal(["0", "0.5", "1", "1.5", "2", "2.5"], axis.Ticks.Select(tick => tick.Label));
        Assert.Equal(0.5, axis.Place(1.25), 1e-12);
    }

    [Fact]
    public void Sizes_FarApart_AreLogarithmicAndHoldZeroAtTheBottom()
    {
        Axis axis = Axis.Sizes("loss", [0.012, 0, 1.5]);

        Assert.True(axis.IsLogarithmic);
        Assert.Equal(["0.01", "0.02", "0.05", "0.1", "0.2", "0.5", "1", "2"], axis.Ticks.Select(tick => tick.Label));
        Assert.Equal(0, axis.Place(0));
        Assert.Equal(1, axis.Place(2), 1e-9);
        Assert.Equal(Math.Log(10) / Math.Log(200), axis.Place(0.1), 1e-9);
    }

    [Fact]
    public void Sizes_OfTheTutorial_NameFewDecades()
    {
        Axis axis = Axis.Sizes("loss", [3e-4, 1e6]);

        Assert.InRange(axis.Ticks.Length, 4, 9);
        Assert.InRange(axis.Least, 0, 3e-4);
        Assert.InRange(axis.Greatest, 1e6, 1e7);
    }

    [Fact]
    public void Sizes_AllZero_AreAnAxisStill() => Assert.Equal(0, Axis.Sizes("loss", [0, 0]).Place(0));

    [Theory]
    [InlineData(0.05, 0)]
    [InlineData(0.87, 0.85)]
    [InlineData(0.9996, 0.998)]
    [InlineData(1, 0.998)]
    public void Shares_FromTheLeast_EndAtAll(double least, double start)
    {
        Axis axis = Axis.Shares("accuracy", least);

        Assert.Equal(start, axis.Least, 1e-9);
        Assert.Equal(1, axis.Greatest);
        Assert.Equal("100 %", axis.Ticks[^1].Label);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(137)]
    [InlineData(33_000)]
    public void Steps_EndWithTheLast(int last)
    {
        Axis axis = Axis.Steps(last);

        Assert.Equal(1, axis.Place(last));
        Assert.Equal("0", axis.Ticks[0].Label);
        Assert.InRange(axis.Ticks.Length, 2, 6);
    }
}
