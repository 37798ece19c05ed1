using AlexNetSharp.Kernels.Reductions;
using AlexNetSharp.Kernels.Tests.Support;
using AlexNetSharp.Kernels.Threading;
using AlexNetSharp.Reference;
using CsCheck;

namespace AlexNetSharp.Kernels.Tests.Reductions;

public sealed class ColumnSumsTests(TeamFixture fixture) : IClassFixture<TeamFixture>
{
    // Around the 256 rows of a chunk.
    private static readonly int[] RowCounts = [1, 2, 3, 255, 256, 257, 511, 512, 513];

    private readonly ThreadTeam _team = fixture.Team;

    [Fact]
    public void Compute_EveryNumberOfColumns_IsExactOnIntegers()
    {
        foreach (int rows in RowCounts)
        {
            for (int columns = 1; columns <= 70; columns++)
                CheckIntegers(rows, columns);
        }
    }

    [Fact]
    public void Compute_RandomSizes_IsExactOnIntegers() =>
        Gen.Select(Gen.Int[1, 1500], Gen.Int[1, 100]).Sample(CheckIntegers, iter: 50, threads: 1);

    [Theory]
    [InlineData(1, 5)]
    [InlineData(256, 33)]
    [InlineData(3000, 17)]
    public void Compute_RealNumbers_LiesWithinTheRoundingOfItsSums(int rows, int columns)
    {
        float[] x = Draw.Uniform(1, rows * columns);
        double[] expected = ReferenceDense.BiasGradient(x.Widen(), rows, columns), magnitudes = ReferenceDense.BiasGradient(x.Widen().Magnitudes(), rows, columns);
        Close.Within("column sums", expected, Calls.ColumnSum(x, columns, _team), Tolerances.ColumnSum(rows), magnitudes);
    }

    [Fact]
    public void Compute_NoRows_GivesZeros() => Assert.Equal(new float[9], Calls.ColumnSum([], 9, _team));

    [Fact]
    public void Compute_AnyNumberOfThreads_GivesTheSameBits()
    {
        float[] x = Draw.Uniform(1, 3000 * 37);
        Teams.GiveTheSameBits("column sums", team => Calls.ColumnSum(x, 37, team));
    }

    [Fact]
    public void Compute_WrongLength_NamesIt()
    {
        ArgumentException rows = Assert.Throws<ArgumentException>(() => ColumnSums.Compute(new float[22], new float[5], new float[5], _team));
        Assert.Contains("22 elements are no whole number of rows of 5 columns", rows.Message, StringComparison.Ordinal);
        ArgumentException columns = Assert.Throws<ArgumentException>(() => ColumnSums.Compute(new float[22], [], new float[5], _team));
        Assert.Contains("rows of 0 columns", columns.Message, StringComparison.Ordinal);
        ArgumentException scratch = Assert.Throws<ArgumentException>(() => ColumnSums.Compute(new float[257 * 5], new float[5], new float[9], _team));
        Assert.Contains("'scratch' holds 9 floats; at least 10 are needed", scratch.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ScratchLength_BeyondAnInteger_Throws() =>
        Assert.Throws<OverflowException>(() => ColumnSums.ScratchLength(int.MaxValue - 255, 1024));

    private void CheckIntegers(int rows, int columns)
    {
        float[] x = Draw.Integers(rows, rows * columns);
        Close.Exactly($"{rows}x{columns}", ReferenceDense.BiasGradient(x.Widen(), rows, columns), Calls.ColumnSum(x, columns, _team));
    }
}
