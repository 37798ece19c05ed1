using AlexNetSharp.Augmentation;
using AlexNetSharp.Execution;
using AlexNetSharp.Kernels.Threading;
using AlexNetSharp.Tests.Support;
using AlexNetSharp.Training;

namespace AlexNetSharp.Tests.Training;

public sealed class TrainingAllocationTests
{
    private const int Attempts = 5;

    public static TheoryData<string> Cases => ["plain", "everything", "sgd"];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Step_SteadyState_AllocatesNothing(string name)
    {
        TrainingOptions plain = new() { BatchSize = 16, Images = 16_000 };
        TrainingOptions options = name switch
        {
            "plain" => plain,
            "sgd" => plain with { Optimizer = new SgdOptions { WeightDecay = 1e-4f }, LabelSmoothing = 0.1f, Freeze = ["conv1"] },
            _ => plain with
            {
                Accumulate = 2,
                ClipNorm = 1,
                Freeze = ["conv1"],
                ClassWeighting = ClassWeighting.Balanced,
                Augmentation = new AugmentationOptions { Affine = new Affine(10), Elastic = new Elastic(), Mixup = new Mixup(), Erasing = new Erasing() },
            },
        };
        using ThreadTeam team = new(2);
        using Network network = TestModels.Random(TestModels.Narrow);
        using WeightAverage average = new(network);
        using TrainingRun run = new(network, Mnist.Training(5000, 96), options, team, null);
        int step = 0;
        // Epochs begin and end among the steps that are counted.
        long least = long.MaxValue;
        Run(20);
        for (int attempt = 0; attempt < Attempts && least > 0; attempt++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            Run(10);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);

        void Run(int steps)
        {
            for (int i = 0; i < steps; i++)
            {
                run.Step(step++, 1e-5f);
                average.Update(network, 0.9f, team);
            }
        }
    }
}
