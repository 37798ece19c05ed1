using AlexNetSharp.Execution;
using AlexNetSharp.Kernels.Threading;
using AlexNetSharp.Models;
using AlexNetSharp.Tests.Support;

namespace AlexNetSharp.Tests.Execution;

public sealed class PlanMisuseTests : IDisposable
{
    private const int Batch = 4;

    private readonly ThreadTeam _team = new(1);
    private readonly Network _network = TestModels.Random(TestModels.Find("MlpOnly"));
    private readonly ExecutionPlan _training;
    private readonly ExecutionPlan _inference;

    public PlanMisuseTests()
    {
        _training = new ExecutionPlan(_network, Batch, PlanMode.Training, _team);
        _inference = new ExecutionPlan(_network, Batch, PlanMode.Inference, _team);
    }

    public void Dispose()
    {
        _training.Dispose();
        _inference.Dispose();
        _network.Dispose();
        _team.Dispose();
    }

    [Fact]
    public void Backward_OnAnInferencePlan_SaysToCompileForTraining()
    {
        _inference.Forward(Batch);

        InvalidOperationException exception = Assert.Throws<InvalidOperationException>(() => _inference.Backward([0, 1, 2, 0]));

        Assert.Equal("This plan was compiled for inference; compile one with PlanMode.Training.", exception.Message);
    }

    [Fact]
    public void ForwardWithDropout_OnAnInferencePlan_Throws()
    {
        Assert.Throws<InvalidOperationException>(() => _inference.ForwardWithDropout(Batch, 1, 1).Length);
    }

    [Fact]
    public void Backward_BeforeForward_SaysSo()
    {
        InvalidOperationException exception = Assert.Throws<InvalidOperationException>(() => _training.Backward([0, 1, 2, 0]));

        Assert.Equal("Run the plan forward before backward.", exception.Message);
    }

    [Fact]
    public void Backward_Twice_AsksForAnotherForwardPass()
    {
        _training.Forward(Batch);
        _training.Backward([0, 1, 2, 0]);

        InvalidOperationException exception = Assert.Throws<InvalidOperationException>(() => _training.Backward([0, 1, 2, 0]));

        Assert.Equal("Run the plan forward before backward.", exception.Message);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(5)]
    public void Backward_OtherNumberOfLabelsThanPictures_GivesBoth(int labels)
    {
        _training.Forward(Batch);

        ArgumentException exception = Assert.Throws<ArgumentException>(() => _training.Backward(new int[labels]));

        Assert.Contains($"holds {labels} elements", exception.Message);
        Assert.Contains($"needs {Batch}", exception.Message);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(3)]
    [InlineData(int.MaxValue)]
    public void Backward_LabelOutOfRange_NamesIt(int label)
    {
        _training.Forward(Batch);

        ArgumentException exception = Assert.Throws<ArgumentException>(() => _training.Backward([0, 1, label, 2]));

        Assert.Contains($"Row 2 has label {label}; with 3 classes it must lie between 0 and 2.", exception.Message);
    }

    [Fact]
    public void Backward_AfterAWrongCall_StillWorks()
    {
        _training.Forward(Batch);
        Assert.Throws<ArgumentException>(() => _training.Backward([0]));

        _training.Backward([0, 1, 2, 0]);

        Assert.Contains(_training.Gradient.ToArray(), value => value != 0);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(Batch + 1)]
    public void Batch_EmptyOrTooLarge_IsRefused(int count)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => _training.Input(count).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => _training.Forward(count).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => _training.ForwardWithDropout(count, 1, 1).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => _inference.Forward(count).Length);
    }

    [Fact]
    public void Plan_ForNoPictures_IsRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new ExecutionPlan(_network, 0, PlanMode.Training, _team));
    }

    [Fact]
    public void Plan_OfAModelThatOnlyFlattens_IsRefused()
    {
        using Network network = new(TestModels.Model("idle", new FeatureShape(1, 1, 2), 2, new Flatten { Name = "flat" }));

        Assert.Throws<InvalidModelException>(() => new ExecutionPlan(network, 1, PlanMode.Inference, _team));
    }

    [Fact]
    public void Plan_Disposed_SaysSo()
    {
        _training.Forward(Batch);
        _training.Dispose();
        _training.Dispose(); // Twice is allowed.

        Assert.Throws<ObjectDisposedException>(() => _training.Input(1).Length);
        Assert.Throws<ObjectDisposedException>(() => _training.Forward(1).Length);
        Assert.Throws<ObjectDisposedException>(() => _training.Backward([0, 1, 2, 0]));
        Assert.Throws<ObjectDisposedException>(() => _training.Gradient.Length);
    }

    [Fact]
    public void Plan_OfADisposedNetwork_SaysSo()
    {
        using Network network = TestModels.Random(TestModels.Find("MlpOnly"));
        using ExecutionPlan plan = new(network, 1, PlanMode.Inference, _team);
        network.Dispose();

        Assert.Throws<ObjectDisposedException>(() => plan.Forward(1).Length);
        Assert.Throws<ObjectDisposedException>(() => network.Read(network.Parameters[0]));
    }

    [Fact]
    public void Find_UnknownParameter_NamesItAndTheModel()
    {
        KeyNotFoundException exception = Assert.Throws<KeyNotFoundException>(() => _network.Find("fc9.weight"));

        Assert.Equal("Model 'MlpOnly' has no parameter 'fc9.weight'.", exception.Message);
    }

    [Fact]
    public void BufferBytes_OfATrainingPlan_ExceedTheInferencePlans()
    {
        Assert.True(_training.BufferBytes > _inference.BufferBytes);
        Assert.True(_inference.BufferBytes > 0);
    }
}
