using System.Globalization;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;

namespace AlexNetSharp.Benchmarks.KernelBenchmarks;

/// <summary>GFLOP/s of the kernels that multiply, convolutions counted as computed directly.</summary>
internal sealed class GflopColumn : IColumn
{
    public string Id => nameof(GflopColumn);

    public string ColumnName => "GFLOP/s";

    public bool AlwaysShow => false;

    public ColumnCategory Category => ColumnCategory.Custom;

    public int PriorityInCategory => 0;

    public bool IsNumeric => true;

    public UnitType UnitType => UnitType.Dimensionless;

    public string Legend => "From the median; a multiply-add counts as two, a convolution as computed directly";

    public bool IsDefault(Summary summary, BenchmarkCase benchmarkCase) => false;

    public bool IsAvailable(Summary summary) => summary.BenchmarksCases.Any(benchmark => Gflop(benchmark) > 0);

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase) =>
        summary[benchmarkCase]?.ResultStatistics?.Median is double nanoseconds && Gflop(benchmarkCase) is > 0 and double gflop
            ? (gflop * 1e9 / nanoseconds).ToString("F1", CultureInfo.InvariantCulture)
            : "";

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase, SummaryStyle style) => GetValue(summary, benchmarkCase);

    private static double Gflop(BenchmarkCase benchmarkCase)
    {
        // What is called backward gives the gradients of the input and of the weights, a product each.
        int products = benchmarkCase.Descriptor.WorkloadMethod.Name switch
        {
            nameof(WinogradConvolutionBenchmarks.TransformFilters) => 0,
            nameof(WinogradConvolutionBenchmarks.Backward) => 2,
            _ => 1,
        };
        return products * benchmarkCase.Parameters.Items.Select(parameter => parameter.Value).OfType<LayerCase>().Sum(layer => layer.Gflop);
    }
}
