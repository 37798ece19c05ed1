using AlexNetSharp.Execution;
using AlexNetSharp.Images;
using AlexNetSharp.Kernels.Threading;
using AlexNetSharp.Tests.Support;

namespace AlexNetSharp.Tests.Execution;

/// <summary>A picture's logits are its own: whatever shares its batch, its plan or its threads.</summary>
public sealed class PartialBatchTests
{
    private const int Images = 100;

    [Fact]
    public void Forward_InBatchesOfAnySize_GivesTheSameBits()
    {
        using ThreadTeam team = new(2);
        using Network network = TestModels.Random(TestModels.Narrow);
        LabeledImages images = Mnist.Test(Images);

        float[] together = Logits(network, images, 100, PlanMode.Inference, team);

        Assert.Equal(together, Logits(network, images, 1, PlanMode.Inference, team));
        Assert.Equal(together, Logits(network, images, 7, PlanMode.Inference, team));
        Assert.Equal(together, Logits(network, images, 64, PlanMode.Inference, team));
    }

    [Fact]
    public void Forward_InATrainingPlan_GivesTheInferencePlansBits()
    {
        using ThreadTeam team = new(2);
        using Network network = TestModels.Random(TestModels.Narrow);
        LabeledImages images = Mnist.Test(Images);

        Assert.Equal(Logits(network, images, 40, PlanMode.Inference, team), Logits(network, images, 40, PlanMode.Training, team));
    }

    [Theory]
    [MemberData(nameof(TestModels.Names), MemberType = typeof(TestModels))]
    public void Forward_OddModelInBothModes_GivesTheSameBits(string model)
    {
        const int Batch = 3;
        using ThreadTeam team = new(2);
        using Network network = TestModels.Random(TestModels.Find(model));
        using ExecutionPlan training = new(network, Batch, PlanMode.Training, team), inference = new(network, Batch, PlanMode.Inference, team);
        TestModels.Noise(Batch * network.Spec.Input.Length).CopyTo(training.Input(Batch));
        training.Input(Batch).CopyTo(inference.Input(Batch));

        Assert.Equal(inference.Forward(Batch).ToArray(), training.Forward(Batch).ToArray());
        // Nothing of the input was overwritten.
        Assert.Equal(training.Input(Batch).ToArray(), inference.Input(Batch).ToArray());
    }

    [Fact]
    public void Forward_AtOneTwoAndThreeThreads_GivesTheSameBits()
    {
        using Network network = TestModels.Random(TestModels.Narrow);
        LabeledImages images = Mnist.Test(Images);
        float[][] logits = [.. new[] { 1, 2, 3 }.Select(threads =>
        {
            using ThreadTeam team = new(threads);
            return Logits(network, images, 33, PlanMode.Inference, team);
        })];

        Assert.Equal(logits[0], logits[1]);
        Assert.Equal(logits[0], logits[2]);
    }

    [Theory]
    [InlineData("Narrow")]
    [InlineData("Groups")]
    [InlineData("OverlappingPools")]
    [InlineData("DropoutAfterConvolution")]
    public void Backward_OfASmallerBatch_GivesTheBitsOfAPlanOfThatSize(string model)
    {
        const int Largest = 19;
        using ThreadTeam team = new(2);
        using Network network = TestModels.Random(model == "Narrow" ? TestModels.Narrow : TestModels.Find(model));
        using ExecutionPlan large = new(network, Largest, PlanMode.Training, team);
        float[] input = TestModels.Noise(Largest * network.Spec.Input.Length);
        for (int count = Largest; count >= 1; count -= 3)
        {
            using ExecutionPlan exact = new(network, count, PlanMode.Training, team);
            int[] labels = TestModels.Labels(count, network.Spec.Classes.Length);

            float[] expected = Gradient(exact, input, labels), actual = Gradient(large, input, labels);

            Assert.Equal(expected, actual);
        }
    }

    private static float[] Gradient(ExecutionPlan plan, float[] input, int[] labels)
    {
        input.AsSpan(0, labels.Length * plan.Network.Spec.Input.Length).CopyTo(plan.Input(labels.Length));
        plan.ForwardWithDropout(labels.Length, 3, 4);
        plan.Backward(labels);
        return plan.Gradient.ToArray();
    }

    private static float[] Logits(Network network, LabeledImages images, int batch, PlanMode mode, ThreadTeam team)
    {
        using ExecutionPlan plan = new(network, batch, mode, team);
        List<float> logits = [];
        for (int start = 0; start < images.Count; start += batch)
        {
            int count = Math.Min(batch, images.Count - start);
            Mnist.Pixels(images, start, count).CopyTo(plan.Input(count));
            logits.AddRange(plan.Forward(count));
        }
        return [.. logits];
    }
}
