using AlexNetSharp.Execution;
using AlexNetSharp.Kernels.Threading;
using AlexNetSharp.Tests.Support;
using AlexNetSharp.Training;

namespace AlexNetSharp.Tests.Execution;

public sealed class NetworkTests
{
    private const int Batch = 5;

    public static IEnumerable<TheoryDataRow<string, OptimizerOptions>> Updates =>
        from model in new[] { "MlpOnly", "TanhAndSigmoid", "DropoutAfterConvolution" }
        from options in new OptimizerOptions[] { new AdamOptions(), new SgdOptions { WeightDecay = 0.01f } }
        select new TheoryDataRow<string, OptimizerOptions>(model, options);

    [Theory]
    [MemberData(nameof(TestModels.Names), MemberType = typeof(TestModels))]
    public void Read_OfWhatWriteGot_GivesItBack(string model)
    {
        using Network network = new(TestModels.Find(model));
        float[][] values = [.. network.Parameters.Select((parameter, i) => TestModels.Noise(parameter.Length, (ulong)i))];
        for (int i = 0; i < values.Length; i++)
            network.Write(network.Parameters[i], values[i]);

        for (int i = 0; i < values.Length; i++)
            Assert.Equal(values[i], network.Read(network.Parameters[i]));
        Assert.Equal(values.Sum(value => value.Sum(Math.Abs)), network.Values.ToArray().Sum(Math.Abs), 1e-2f);
    }

    [Fact]
    public void ReadAndWrite_WrongLength_NameTheParameterAndItsShape()
    {
        using Network network = new(TestModels.Find("MlpOnly"));
        Parameter weight = network.Find("fc2.weight"), bias = network.Find("fc2.bias");

        Assert.StartsWith(
            "560 values for parameter 'fc2.weight' of shape [33,17]; it has 561.",
            Assert.Throws<ArgumentException>(() => network.Write(weight, new float[560])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => network.Read(weight, new float[562]));
        Assert.Throws<ArgumentException>(() => network.Write(bias, new float[16]));
        Assert.Throws<ArgumentException>(() => network.Read(bias, new float[32]));
    }

    [Fact]
    public void Write_BetweenTwoRuns_IsSeenByThePlan()
    {
        using ThreadTeam team = new(1);
        using Network network = TestModels.Random(TestModels.Find("TanhAndSigmoid")), other = TestModels.Random(TestModels.Find("TanhAndSigmoid"), seed: 8);
        using ExecutionPlan plan = new(network, Batch, PlanMode.Inference, team), expected = new(other, Batch, PlanMode.Inference, team);
        TestModels.Noise(Batch * network.Spec.Input.Length).CopyTo(plan.Input(Batch));
        TestModels.Noise(Batch * network.Spec.Input.Length).CopyTo(expected.Input(Batch));
        plan.Forward(Batch);

        foreach (Parameter parameter in network.Parameters)
            network.Write(parameter, other.Read(other.Find(parameter.Name)));

        Assert.Equal(expected.Forward(Batch).ToArray(), plan.Forward(Batch).ToArray());
    }

    /// <summary>Padding included: it stays zero, or the whole buffers would differ.</summary>
    [Theory]
    [MemberData(nameof(Updates))]
    public void BackwardAndUpdate_SomeSteps_MovesTheWeightsAsBackwardAndThenTheOptimizerDo(string model, OptimizerOptions options)
    {
        using ThreadTeam team = new(2);
        using Network together = TestModels.Random(TestModels.Find(model)), apart = TestModels.Random(TestModels.Find(model));
        using Optimizer first = new(options, together), second = new(options, apart);
        using ExecutionPlan fused = new(together, Batch, PlanMode.Training, team, first), plain = new(apart, Batch, PlanMode.Training, team);
        int[] labels = TestModels.Labels(Batch, together.Spec.Classes.Length);
        for (int step = 1; step <= 3; step++)
        {
            TestModels.Noise(Batch * together.Spec.Input.Length, (ulong)step).CopyTo(fused.Input(Batch));
            fused.Input(Batch).CopyTo(plain.Input(Batch));
            fused.ForwardWithDropout(Batch, 1, (uint)step);
            fused.BackwardAndUpdate(labels, 0.01f, step);
            plain.ForwardWithDropout(Batch, 1, (uint)step);
            plain.Backward(labels);
            second.Update(apart, plain.Gradient, 0.01f, step, team);
        }

        Assert.Equal(apart.Values.ToArray(), together.Values.ToArray());
        using Network fresh = new(together.Spec);
        foreach (Parameter parameter in together.Parameters)
            fresh.Write(parameter, together.Read(parameter));
        Assert.Equal(fresh.Values.ToArray(), together.Values.ToArray());
    }
}
