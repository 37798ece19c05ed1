using AlexNetSharp.Data;

namespace AlexNetSharp.Cli.Reporting;

/// <summary>Shows how a download gets on: one line that renews itself on a terminal, a line a tenth elsewhere. Goes to standard error.</summary>
internal sealed class DownloadReporter : IProgress<DownloadProgress>
{
    private const int BarWidth = 30;

    private string _file = "";
    private int _tenths = -1;

    public void Report(DownloadProgress value)
    {
        if (value.FileName != _file)
            (_file, _tenths) = (value.FileName, -1);
        double share = value.TotalBytes is long total and > 0 ? (double)value.BytesReceived / total : 0;
        int tenths = (int)(share * 10);
        bool isNews = tenths != _tenths;
        _tenths = tenths;
        string text = $"Downloading {value.FileName}  {value.BytesReceived / 1e6:F1} MB{(share > 0 ? $" of {value.TotalBytes / 1e6:F1} MB" : "")}";
        if (!Console.IsErrorRedirected)
        {
            int filled = (int)(share * BarWidth);
            Console.Error.Write($"\r{text}  [{new string('#', filled)}{new string('.', BarWidth - filled)}]{(share >= 1 ? Environment.NewLine : "")}");
        }
        else if (isNews)
        {
            Console.Error.WriteLine(text);
        }
    }
}
