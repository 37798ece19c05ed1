using System.Collections.Immutable;

namespace AlexNetSharp.Runs.Reports;

/// <summary>Lines over the steps of a run.</summary>
/// <param name="Title">Its heading.</param>
/// <param name="FileName">The PNG file's name.</param>
/// <param name="X">The steps.</param>
/// <param name="Y">The values.</param>
/// <param name="Series">The lines, at least one point in all.</param>
/// <param name="Format">Writes a value for people.</param>
internal sealed record Chart(string Title, string FileName, Axis X, Axis Y, ImmutableArray<Series> Series, Func<double, string> Format)
{
    // More points than a screen has columns make a line no clearer, and the page large.
    private const int MostPoints = 400;

    /// <summary>The charts of a run: loss, accuracy, learning rate; without those that it has no figures for.</summary>
    public static ImmutableArray<Chart> Of(RunMetrics metrics)
    {
        if (metrics.Minibatches.IsEmpty && metrics.Epochs.IsEmpty)
            return [];
        int last = metrics.InOrder().Max(metric => metric switch { MinibatchMetric minibatch => minibatch.Step, EpochMetric epoch => epoch.Step, _ => 0 });
        Axis steps = Axis.Steps(last);
        Series[] losses =
        [
            new("minibatch", SeriesRole.First, Thin(metrics.Minibatches.Select(minibatch => new Point(minibatch.Step, minibatch.Loss)))),
            new("validation", SeriesRole.Second, Ends(metrics, epoch => epoch.ValidationLoss)),
        ];
        Series[] accuracies =
        [
            new("minibatch", SeriesRole.First, Thin(metrics.Minibatches.Select(minibatch => new Point(minibatch.Step, minibatch.Accuracy)))),
            new("validation", SeriesRole.Second, Ends(metrics, epoch => epoch.ValidationAccuracy)),
        ];
        Series[] rates = [new("learning rate", SeriesRole.Third, Thin(metrics.Minibatches.Select(minibatch => new Point(minibatch.Step, minibatch.LearningRate))))];
        return
        [
            .. Make("Loss", "loss.png", losses, values => Axis.Sizes("cross-entropy in nats", values), Figures.Short),
            .. Make("Accuracy", "accuracy.png", accuracies, values => Axis.Shares("classified rightly", values.Min()), Figures.Percent),
            .. Make("Learning rate", "learning-rate.png", rates, values => Axis.FromZero("learning rate", values.Max()), Figures.Short),
        ];

        Chart[] Make(string title, string file, Series[] series, Func<double[], Axis> axis, Func<double, string> format)
        {
            ImmutableArray<Series> there = [.. series.Where(each => !each.Points.IsEmpty)];
            return there.IsEmpty ? [] : [new Chart(title, file, steps, axis([.. there.SelectMany(each => each.Points).Select(point => point.Value)]), there, format)];
        }
    }

    private static ImmutableArray<Point> Ends(RunMetrics metrics, Func<EpochMetric, double?> value) =>
        Thin(metrics.Epochs.Where(epoch => value(epoch) is not null).Select(epoch => new Point(epoch.Step, value(epoch)!.Value)));

    // The mean of each so many neighbours.
    private static ImmutableArray<Point> Thin(IEnumerable<Point> points)
    {
        Point[] all = [.. points];
        int group = ((all.Length - 1) / MostPoints) + 1;
        return [.. all.Chunk(group).Select(chunk => new Point(chunk[^1].Step, chunk.Average(point => point.Value)))];
    }
}
