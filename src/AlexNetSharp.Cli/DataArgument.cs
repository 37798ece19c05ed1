using AlexNetSharp.Data;
using AlexNetSharp.Images;

namespace AlexNetSharp.Cli;

/// <summary>A data set named on the command line.</summary>
internal static class DataArgument
{
    public static DataSplits Load(string nameOrPath, CancellationToken cancellationToken) =>
        new DataCatalog().Load(nameOrPath, new Reporting.DownloadReporter(), cancellationToken);
}
