using AlexNetSharp.Checkpoints;
using AlexNetSharp.Execution;
using AlexNetSharp.Images;
using AlexNetSharp.Kernels.Threading;
using AlexNetSharp.Models;
using AlexNetSharp.Training;

namespace AlexNetSharp.Data.Tests.Documents;

/// <summary>The README's C# blocks, line by line, so that they compile; <see cref="ReadmeTests"/> holds the two against each other and runs them.</summary>
internal static class ReadmeSnippets
{
    public static void Train()
    {
        DataSplits data = new DataCatalog().Load("mnist");
        TrainingOptions options = Recipe.Default.Options with { Images = 6_400 };
        using ThreadTeam team = new();
        using Network network = new(Trainer.Adapt(ModelCatalog.AlexNetMnist(data.Training.ClassNames), data, options, team));
        Trainer.Train(network, data, options, team);
        Console.WriteLine($"accuracy {Evaluator.Evaluate(network, data.Test, team).Accuracy:P1}");
        ModelFile.Save(network, "model.safetensors");
    }

    public static void Predict()
    {
        using AlexNet alexnet = AlexNet.Load("model.safetensors");
        Classification answer = alexnet.Predict("digit.png");
        Console.WriteLine(answer.Label);
    }
}
