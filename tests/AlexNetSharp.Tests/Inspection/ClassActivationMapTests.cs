using AlexNetSharp.Inspection;

namespace AlexNetSharp.Tests.Inspection;

public sealed class ClassActivationMapTests
{
    [Fact]
    public void Resize_Doubled_InterpolatesBetweenTheCentresAndDividesByTheLargest()
    {
        float[] resized = Map(1, 2, [0, 4]).Resize(1, 4);

        // Centres at a quarter and three quarters of the width; beyond them the edge's value.
        Assert.Equal([0, 0.25f, 0.75f, 1], resized);
    }

    [Fact]
    public void Resize_BothWays_IsBilinear()
    {
        float[] resized = Map(2, 2, [0, 1, 2, 3]).Resize(4, 4);

        float[] expected =
        [
            0, 0.25f, 0.75f, 1,
            0.5f, 0.75f, 1.25f, 1.5f,
            1.5f, 1.75f, 2.25f, 2.5f,
            2, 2.25f, 2.75f, 3,
        ];
        Assert.Equal(expected.Select(value => value / 3), resized);
    }

    [Fact]
    public void Resize_OneCell_IsTheSameEverywhere() => Assert.All(Map(1, 1, [5]).Resize(3, 2), value => Assert.Equal(1, value));

    [Fact]
    public void Resize_NothingSpeaksForTheClass_StaysZero() => Assert.All(Map(2, 3, new float[6]).Resize(5, 5), value => Assert.Equal(0, value));

    [Fact]
    public void Resize_NoSize_IsRefused() => Assert.Throws<ArgumentOutOfRangeException>(() => Map(1, 1, [1]).Resize(0, 1));

    private static ClassActivationMap Map(int height, int width, float[] values) => new(0, "relu", height, width, values);
}
