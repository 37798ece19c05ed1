using AlexNetSharp.Augmentation;
using AlexNetSharp.Execution;
using AlexNetSharp.Images;
using AlexNetSharp.Kernels.Threading;
using AlexNetSharp.Models;
using AlexNetSharp.Tests.Support;
using AlexNetSharp.Training;

namespace AlexNetSharp.Tests.Execution;

/// <summary>Tests that must have the process to themselves.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;

/// <summary>A step allocates nothing once it has run.</summary>
[Collection(nameof(Alone))]
public sealed class AllocationTests
{
    private const int Batch = 9;

    // Enough for the runtime to have compiled every method anew where it wants to.
    private const int WarmUpSteps = 40;
    private const int Steps = 20;
    private const int ManySteps = 1000;
    private const int SmallBatch = 3;

    // What the runtime's own threads (compilation, timers) may take meanwhile; a step that allocated once would show as at least 24 · Steps.
    private const int Attempts = 5;

    public static TheoryData<string, bool> Cases => new()
    {
        { "Narrow", true }, { "Narrow", false }, { "DropoutAfterConvolution", true }, { "ActivationAfterPool", true }, { "OverlappingPools", false }, { "AveragePools", true },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Step_InTheSteadyState_AllocatesNothing(string model, bool adam)
    {
        using ThreadTeam team = new(2);
        using Network network = TestModels.Random(model == "Narrow" ? TestModels.Narrow : TestModels.Find(model));
        using ExecutionPlan plan = new(network, Batch, PlanMode.Training, team);
        using Optimizer optimizer = new(adam ? new AdamOptions() : new SgdOptions(), network);
        TestModels.Noise(Batch * network.Spec.Input.Length).CopyTo(plan.Input(Batch));
        int[] labels = TestModels.Labels(Batch, network.Spec.Classes.Length);

        AssertAllocatesNothing(step =>
        {
            plan.ForwardWithDropout(Batch, 1, (uint)step);
            plan.Backward(labels);
            optimizer.Update(network, plan.Gradient, 1e-6f, step, team);
            plan.Forward(Batch - 4);
        });
    }

    [Fact]
    public void Forward_OfAnInferencePlan_AllocatesNothing()
    {
        using ThreadTeam team = new(2);
        using Network network = TestModels.Random(TestModels.Narrow);
        using ExecutionPlan plan = new(network, Batch, PlanMode.Inference, team);

        AssertAllocatesNothing(step =>
        {
            TestModelsInput(plan, step);
            plan.Forward(1 + (step % Batch));
        });
    }

    [Fact]
    public void Steps_AThousandOfTraining_AllocateNothing()
    {
        using ThreadTeam team = new(2);
        using Network network = TestModels.Random(TestModels.Narrow);
        using Optimizer optimizer = new(new AdamOptions(), network);
        using ExecutionPlan plan = new(network, SmallBatch, PlanMode.Training, team, optimizer);
        TestModels.Noise(SmallBatch * network.Spec.Input.Length).CopyTo(plan.Input(SmallBatch));
        int[] labels = TestModels.Labels(SmallBatch, network.Spec.Classes.Length);

        AssertAThousandAllocateNothing(step =>
        {
            // The last batch of an epoch is smaller.
            int count = step % 10 == 0 ? 1 : SmallBatch;
            plan.ForwardWithDropout(count, 1, (uint)step);
            plan.BackwardAndUpdate(labels.AsSpan(0, count), 1e-6f, step);
        });
    }

    [Fact]
    public void Forwards_AThousandOfInference_AllocateNothing()
    {
        using ThreadTeam team = new(2);
        using Network network = TestModels.Random(TestModels.Narrow);
        using ExecutionPlan plan = new(network, SmallBatch, PlanMode.Inference, team);
        TestModels.Noise(SmallBatch * network.Spec.Input.Length).CopyTo(plan.Input(SmallBatch));

        AssertAThousandAllocateNothing(step => plan.Forward(1 + (step % SmallBatch)));
    }

    [Fact]
    public void Prepare_OfVariedPictures_AllocatesNothing()
    {
        using ThreadTeam team = new(2);
        AugmentationOptions options = new()
        {
            RandomResizedCrop = new(),
            Flip = new(),
            Affine = new(20, 0.1f),
            Elastic = new(),
            Brightness = new(),
            Contrast = new(),
            ColorNoise = new(),
            Erasing = new(),
            Mixup = new(),
            CutMix = new(),
        };
        using BatchPreparation preparation = new(new(12, 12, 3), Preprocessing.None, options, 3, Batch, team);
        StoredImage[] images = [.. Enumerable.Range(0, Batch).Select(i => new StoredImage(20, 30, new byte[20 * 30 * 3]))];
        float[] values = new float[Batch * 12 * 12 * 3], targets = new float[Batch * 3];
        TestView view = TestTimeAugmentation.TenCrop.Views[3];

        AssertAllocatesNothing(step =>
        {
            // The same draws each time: pictures larger than those before may take more memory.
            preparation.Prepare(images, 1, 0, 0, values);
            preparation.Mix(values, targets, Batch, 3, 1, 0, step);
            preparation.Prepare(images, view, values);
        });
    }

    private static void TestModelsInput(ExecutionPlan plan, int step) => plan.Input(Batch).Fill(step / 100f);

    // The runtime's own threads may allocate meanwhile, but far less than one least object, 24 bytes, a step.
    private static void AssertAThousandAllocateNothing(Action<int> run)
    {
        for (int step = 1; step <= WarmUpSteps; step++)
            run(step);
        // On a loaded machine kernels' tests have been seen to count some kilobytes once, for a reason not known: once more, then. What a step
        // allocates as a rule, it allocates at every attempt.
        long own, all;
        int attempt = 0;
        do
        {
            long ownBefore = GC.GetAllocatedBytesForCurrentThread(), before = GC.GetTotalAllocatedBytes(precise: true);
            for (int step = WarmUpSteps + 1; step <= WarmUpSteps + ManySteps; step++)
                run(step);
            all = GC.GetTotalAllocatedBytes(precise: true) - before;
            own = GC.GetAllocatedBytesForCurrentThread() - ownBefore;
        }
        while (own != 0 && ++attempt < Attempts);
        Assert.Equal(0, own);
        Assert.InRange(all, 0, (24 * ManySteps) - 1);
    }

    private static void AssertAllocatesNothing(Action<int> run)
    {
        for (int step = 1; step <= WarmUpSteps; step++)
            run(step);
        long least = long.MaxValue, own = long.MaxValue;
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            long ownBefore = GC.GetAllocatedBytesForCurrentThread(), before = GC.GetTotalAllocatedBytes(precise: true);
            for (int step = 1; step <= Steps; step++)
                run(step);
            least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
            own = Math.Min(own, GC.GetAllocatedBytesForCurrentThread() - ownBefore);
        }
        Assert.Equal(0, own);
        Assert.Equal(0, least); // All threads.
    }
}
