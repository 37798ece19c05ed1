using AlexNetSharp.Augmentation;
using AlexNetSharp.Execution;
using AlexNetSharp.Images;
using AlexNetSharp.Kernels.Losses;
using AlexNetSharp.Kernels.Threading;
using AlexNetSharp.Models;

namespace AlexNetSharp.Training;

/// <summary>Runs a network over labelled pictures and counts.</summary>
public static class Evaluator
{
    private const int BatchSize = 250;

    // Large pictures are judged in smaller batches: their feature maps take much memory, and fill a processor's caches sooner.
    private const int LargestBatchValues = 1 << 21;

    /// <summary>Evaluates all pictures of <paramref name="images"/>, dropout off.</summary>
    /// <param name="network">The network.</param>
    /// <param name="images">The pictures; the model must know their classes. They are prepared as the model says.</param>
    /// <param name="team">The threads to compute with.</param>
    /// <param name="cancellationToken">Looked at between batches.</param>
    /// <exception cref="InvalidModelException">The model does not have all classes of the pictures.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static Evaluation Evaluate(Network network, ImageSet images, ThreadTeam team, CancellationToken cancellationToken = default) =>
        Evaluate(network, images, TestTimeAugmentation.None, team, null, cancellationToken);

    /// <summary>Evaluates all pictures, each seen in several ways whose probabilities are averaged.</summary>
    /// <param name="network">The network.</param>
    /// <param name="images">The pictures; the model must know their classes. They are prepared as the model says.</param>
    /// <param name="augmentation">The ways in which each is seen.</param>
    /// <param name="team">The threads to compute with.</param>
    /// <param name="skipped">Told of each picture that cannot be read and is left out.</param>
    /// <param name="cancellationToken">Looked at between batches.</param>
    /// <exception cref="InvalidModelException">The model does not have all classes of the pictures.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static Evaluation Evaluate(
        Network network, ImageSet images, TestTimeAugmentation augmentation, ThreadTeam team, Action<string>? skipped, CancellationToken cancellationToken)
    {
        int batch = Math.Clamp(Math.Min(BatchSize, LargestBatchValues / network.Spec.Input.Length), 1, Math.Max(1, images.Count));
        using BatchReader reader = new(images, network.Spec, null, batch, strict: false, skipped, team);
        using ExecutionPlan plan = new(network, batch, PlanMode.Inference, team);
        int classes = network.Spec.Classes.Length;
        int[][] confusion = [.. Enumerable.Range(0, classes).Select(_ => new int[classes])];
        Judge judge = new(plan, reader, augmentation);
        WorstMistakes mistakes = new(Evaluation.MaximalMistakes);
        float[] probabilities = new float[classes];
        double loss = 0;
        int judged = 0;
        reader.Begin(Enumerable.Range(0, images.Count).ToArray());
        while (!reader.IsAtEnd)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int count = reader.Read(batch);
            if (count == 0)
                continue;
            judge.Run(count);
            for (int i = 0; i < count; i++)
            {
                loss += judge.Losses[i];
                int label = reader.Labels[i], given = Prediction.Largest(judge.Scores.Slice(i * classes, classes));
                confusion[label][given]++;
                if (given == label)
                    continue;
                judge.ReadProbabilities(i, probabilities);
                mistakes.Add(new Mistake(reader.Places[i], label, given, probabilities[label], probabilities[given]));
            }
            judged += count;
        }
        return new Evaluation(network.Spec.Classes, confusion, judged == 0 ? double.NaN : loss / judged, mistakes.InOrder());
    }

    /// <summary>Throws unless a model can tell the classes of these pictures apart.</summary>
    /// <exception cref="InvalidModelException">A class of the pictures is none of the model's; the message names it.</exception>
    public static void RequireFit(ModelSpec model, ImageSet images) => ClassMapping.Of(images, model);

    /// <summary>Scores a batch: logits where each picture is seen once, else its mean probabilities.</summary>
    private sealed class Judge(ExecutionPlan plan, BatchReader reader, TestTimeAugmentation augmentation)
    {
        private readonly int _classes = plan.Network.Spec.Classes.Length;
        private readonly float[] _losses = new float[plan.MaximalBatch];
        private readonly float[] _probabilities = new float[plan.MaximalBatch * plan.Network.Spec.Classes.Length];
        private readonly float[] _scores = new float[plan.MaximalBatch * plan.Network.Spec.Classes.Length];

        public ReadOnlySpan<float> Losses => _losses;

        public ReadOnlySpan<float> Scores => _scores;

        /// <summary>What the network makes of a picture of the batch.</summary>
        public void ReadProbabilities(int picture, Span<float> probabilities)
        {
            ReadOnlySpan<float> scores = Scores.Slice(picture * _classes, _classes);
            if (augmentation.Views.Length == 1)
                SoftmaxCrossEntropy.Softmax(scores, probabilities, _classes);
            else
                scores.CopyTo(probabilities);
        }

        public void Run(int count)
        {
            Span<float> scores = _scores.AsSpan(0, count * _classes);
            if (augmentation.Views.Length == 1)
            {
                reader.Prepare(augmentation.Views[0], plan.Input(count));
                plan.Forward(count).CopyTo(scores);
                SoftmaxCrossEntropy.Loss(scores, reader.Labels, _losses.AsSpan(0, count), _classes);
                return;
            }
            Span<float> probabilities = _probabilities.AsSpan(0, count * _classes);
            scores.Clear();
            foreach (TestView view in augmentation.Views)
            {
                reader.Prepare(view, plan.Input(count));
                SoftmaxCrossEntropy.Softmax(plan.Forward(count), probabilities, _classes);
                for (int i = 0; i < scores.Length; i++)
                    scores[i] += probabilities[i] / augmentation.Views.Length;
            }
            for (int i = 0; i < count; i++)
                _losses[i] = -MathF.Log(MathF.Max(scores[(i * _classes) + reader.Labels[i]], float.Epsilon));
        }
    }
}
