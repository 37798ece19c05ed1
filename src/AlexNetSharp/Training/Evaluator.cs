using AlexNetSharp.Execution;
using AlexNetSharp.Kernels.Losses;
using AlexNetSharp.Kernels.Threading;
using AlexNetSharp.Models;

namespace AlexNetSharp.Training;

/// <summary>Runs a network over labelled pictures and counts.</summary>
public static class Evaluator
{
    private const int BatchSize = 250;

    /// <summary>Evaluates all pictures of <paramref name="images"/>, dropout off.</summary>
    /// <param name="network">The network.</param>
    /// <param name="images">The pictures; their size and classes must be the model's.</param>
    /// <param name="team">The threads to compute with.</param>
    /// <param name="cancellationToken">Looked at between batches.</param>
    /// <exception cref="InvalidModelException">The pictures do not fit the model.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static Evaluation Evaluate(Network network, ImageSet images, ThreadTeam team, CancellationToken cancellationToken = default)
    {
        RequireFit(network.Spec, images);
        using ExecutionPlan plan = new(network, Math.Max(1, Math.Min(BatchSize, images.Count)), PlanMode.Inference, team);
        int classes = images.ClassNames.Length;
        int[][] confusion = [.. Enumerable.Range(0, classes).Select(_ => new int[classes])];
        float[] losses = new float[plan.MaximalBatch];
        double loss = 0;
        for (int start = 0; start < images.Count; start += plan.MaximalBatch)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int count = Math.Min(plan.MaximalBatch, images.Count - start);
            Span<float> input = plan.Input(count);
            for (int i = 0; i < count; i++)
                PixelScaling.ToUnit(images.Read(start + i).Pixels.Span, input.Slice(i * network.Spec.Input.Length, network.Spec.Input.Length));
            ReadOnlySpan<float> logits = plan.Forward(count);
            ReadOnlySpan<int> labels = images.Labels.Slice(start, count);
            SoftmaxCrossEntropy.Loss(logits, labels, losses.AsSpan(0, count), classes);
            for (int i = 0; i < count; i++)
            {
                loss += losses[i];
                confusion[labels[i]][Prediction.Largest(logits.Slice(i * classes, classes))]++;
            }
        }
        return new Evaluation(images.ClassNames, confusion, images.Count == 0 ? double.NaN : loss / images.Count);
    }

    /// <summary>Throws unless a model can take these pictures and tell their classes apart.</summary>
    /// <exception cref="InvalidModelException">The size of the pictures or the number of classes differs; the message gives both.</exception>
    public static void RequireFit(ModelSpec model, ImageSet images)
    {
        if (images.CommonSize is ImageSize size && new FeatureShape(size.Height, size.Width, images.Channels) != model.Input)
        {
            throw new InvalidModelException(
                $"Data '{images.Name}' holds {size}x{images.Channels} pictures, model '{model.Name}' takes {model.Input.Height}x{model.Input.Width}x{model.Input.Channels}. Choose data of that size, or another model.");
        }
        if (images.ClassNames.Length != model.Classes.Length)
            throw new InvalidModelException($"Data '{images.Name}' has {images.ClassNames.Length} classes, model '{model.Name}' has {model.Classes.Length}. Choose the data that the model was trained on.");
    }
}
