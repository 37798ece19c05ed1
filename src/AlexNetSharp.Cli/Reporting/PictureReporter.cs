using AlexNetSharp.Data;

namespace AlexNetSharp.Cli.Reporting;

/// <summary>Shows how far work on pictures is: one line that renews itself on a terminal, a line a tenth elsewhere. Goes to standard error.</summary>
/// <param name="verb">What is done: <c>Reading</c>.</param>
internal sealed class PictureReporter(string verb) : IProgress<PictureProgress>
{
    private readonly Lock _gate = new();
    private int _tenths;
    private int _done;

    public void Report(PictureProgress value)
    {
        // Several threads report, not always in order.
        lock (_gate)
        {
            if (value.Done <= _done)
                return;
            _done = value.Done;
            string text = $"{verb} pictures: {value.Done} of {value.Total}";
            int tenths = (int)(10L * value.Done / value.Total);
            if (!Console.IsErrorRedirected)
                Console.Error.Write($"\r{text}{(value.Done == value.Total ? Environment.NewLine : "")}");
            else if (tenths != _tenths)
                Console.Error.WriteLine(text);
            _tenths = tenths;
        }
    }
}
