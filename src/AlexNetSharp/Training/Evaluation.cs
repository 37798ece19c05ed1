using System.Collections.Immutable;

namespace AlexNetSharp.Training;

/// <summary>How well one class is recognised.</summary>
/// <param name="Label">Its name.</param>
/// <param name="Images">Pictures of it.</param>
/// <param name="Precision">Of the pictures given this label, the share that bear it; 0 where none were given it.</param>
/// <param name="Recall">Of the pictures that bear this label, the share given it; 0 where there are none.</param>
public sealed record ClassEvaluation(string Label, int Images, double Precision, double Recall);

/// <summary>How well a network does on a set of pictures.</summary>
public sealed record Evaluation
{
    /// <summary>How many mistakes are kept at most.</summary>
    public const int MaximalMistakes = 100;

    internal Evaluation(IReadOnlyList<string> labels, int[][] confusion, double loss, ImmutableArray<Mistake> mistakes)
    {
        Confusion = confusion;
        Loss = loss;
        Mistakes = mistakes;
        Images = confusion.Sum(row => row.Sum());
        int right = 0;
        List<ClassEvaluation> classes = [];
        for (int c = 0; c < labels.Count; c++)
        {
            right += confusion[c][c];
            int bearing = confusion[c].Sum(), given = confusion.Sum(row => row[c]);
            classes.Add(new ClassEvaluation(labels[c], bearing, Share(confusion[c][c], given), Share(confusion[c][c], bearing)));
        }
        Accuracy = Share(right, Images);
        PerClass = classes;
    }

    /// <summary>Pictures evaluated.</summary>
    public int Images { get; }

    /// <summary>Mean cross-entropy, in nats.</summary>
    public double Loss { get; }

    /// <summary>Share classified rightly.</summary>
    public double Accuracy { get; }

    /// <summary>Each class by itself.</summary>
    public IReadOnlyList<ClassEvaluation> PerClass { get; }

    /// <summary>Pictures that bear label [row] and were given label [column].</summary>
    public IReadOnlyList<IReadOnlyList<int>> Confusion { get; }

    /// <summary>The pictures classified wrongly, the surest first, those of equal probability in the set's order; the first <see cref="MaximalMistakes"/> of them.</summary>
    public ImmutableArray<Mistake> Mistakes { get; }

    private static double Share(int part, int whole) => whole == 0 ? 0 : (double)part / whole;
}
