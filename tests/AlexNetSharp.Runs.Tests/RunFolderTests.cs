namespace AlexNetSharp.Runs.Tests;

public sealed class RunFolderTests : IDisposable
{
    private readonly TestRuns _runs = new();

    public void Dispose() => _runs.Dispose();

    [Theory]
    [InlineData(10, 1, 1)]
    [InlineData(10, 0, 0)]
    [InlineData(19, 1, 1)]
    [InlineData(20, 2, 2)]
    public void RewindMetrics_EpochThatWasEvaluatedAfterTheStateWasKept_IsWrittenAnew(int step, int evaluated, int expected)
    {
        string path = _runs.Add("run", TestRuns.Record(), TestRuns.Epoch(1, 0.5, 0.8), TestRuns.Epoch(2, 0.4, 0.9));
        using RunFolder folder = RunFolder.Open(path);

        Assert.Equal(expected, folder.RewindMetrics(step, evaluated).Epochs.Length);
        Assert.Equal(expected, RunMetrics.Read(path).Epochs.Length);
    }
}
