using System.Collections.Immutable;
using AlexNetSharp.Kernels.Activations;
using AlexNetSharp.Models;

namespace AlexNetSharp.Execution;

/// <summary>Turns a model's layers into operations: decides which are computed together, and how.</summary>
internal static class Lowering
{
    /// <summary>The operations of a network, in order.</summary>
    /// <param name="network">The network.</param>
    /// <param name="mode">Training or inference.</param>
    /// <param name="fuses">Whether layers are computed together where that pays; without, each is an operation of its own.</param>
    /// <exception cref="InvalidModelException">No layer computes anything, or there is no operation for one.</exception>
    public static ImmutableArray<OperationRecipe> Lower(Network network, PlanMode mode, bool fuses = true)
    {
        ImmutableArray<LayerShape> shapes = network.Shapes;
        ImmutableArray<OperationRecipe>.Builder recipes = ImmutableArray.CreateBuilder<OperationRecipe>();
        for (int i = 0; i < shapes.Length; i++)
        {
            LayerShape shape = shapes[i];
            // Layers that follow and are taken along are passed over.
            ActivationKind activation = ActivationKind.Identity;
            if (fuses && shape.Layer is Convolution2D or Dense && i + 1 < shapes.Length && shapes[i + 1].Layer is ActivationLayer following)
            {
                activation = following.Activation;
                i++;
            }
            string name = shape.Layer.Name;
            int length = shape.Output.Length;
            switch (shape.Layer)
            {
                case Convolution2D:
                    LayerShape? pooling = fuses && i + 1 < shapes.Length && shapes[i + 1].Layer is MaxPool2D ? shapes[i + 1] : null;
                    StageShape stage = new(shape, activation, pooling);
                    ConvolutionKernelRow row = ConvolutionKernels.Choose(stage.Stage(1), isFirst: recipes.Count == 0);
                    if (pooling is not null && row.TakesPooling)
                        i++;
                    else
                        stage = stage with { Pooling = null };
                    recipes.Add(new(i, (context, time) => row.Create(context, stage, time, row.Reason)));
                    break;
                case Dense:
                    recipes.Add(new(i, (context, time) => new DenseOperation(context, shape, activation, time) { Name = name, OutputLength = length }));
                    break;
                case ActivationLayer alone:
                    recipes.Add(new(i, (context, _) => new ActivationOperation(alone.Activation, context.Team) { Name = name, OutputLength = length }));
                    break;
                case MaxPool2D:
                    recipes.Add(new(i, (context, time) => new MaxPoolOperation(context, shape, time) { Name = name, OutputLength = length }));
                    break;
                case LeakyRelu leaky:
                    recipes.Add(new(i, (context, _) => new LeakyReluOperation(leaky.Slope, context.Team) { Name = name, OutputLength = length }));
                    break;
                case Clip clip:
                    recipes.Add(new(i, (context, _) => new ClipOperation(clip, context.Team) { Name = name, OutputLength = length }));
                    break;
                case AveragePool2D:
                    recipes.Add(new(i, (context, _) => new AveragePoolOperation(shape, context.Team) { Name = name, OutputLength = length }));
                    break;
                case AdaptiveAveragePool2D when shape.Input != shape.Output:
                    recipes.Add(new(i, (context, _) => new AdaptiveAveragePoolOperation(shape, context.Team) { Name = name, OutputLength = length }));
                    break;
                case LocalResponseNorm:
                    float keep = 1;
                    if (fuses && mode == PlanMode.Training && i + 1 < shapes.Length && shapes[i + 1].Layer is Dropout fused)
                    {
                        keep = fused.Keep;
                        name = $"{name}+{fused.Name}";
                        i++;
                    }
                    uint maskStream = (uint)i;
                    recipes.Add(new(i, (context, _) => new LrnOperation(shape, keep, maskStream, context.Team) { Name = name, OutputLength = length }));
                    break;
                case Dropout dropout when mode == PlanMode.Training:
                    uint stream = (uint)i;
                    recipes.Add(new(i, (context, _) => new DropoutOperation(dropout.Keep, stream, context.Team) { Name = name, OutputLength = length }));
                    break;
                case Dropout or Flatten or AdaptiveAveragePool2D:
                    break;
                default:
                    throw new InvalidModelException($"{shape.Layer.Kind} '{name}': this engine has no operation for it.");
            }
        }
        if (recipes.Count == 0)
            throw new InvalidModelException($"Model '{network.Spec.Name}' has no layer that computes anything.");
        return recipes.ToImmutable();
    }
}
