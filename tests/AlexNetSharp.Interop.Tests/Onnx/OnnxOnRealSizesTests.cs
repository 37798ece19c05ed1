using AlexNetSharp.Execution;
using AlexNetSharp.Images;
using AlexNetSharp.Interop.Onnx;
using AlexNetSharp.Kernels.Threading;
using AlexNetSharp.Models;
using AlexNetSharp.Tests.Support;
using AlexNetSharp.Training;
using Microsoft.ML.OnnxRuntime;

namespace AlexNetSharp.Interop.Tests.Onnx;

/// <summary>The published networks at their full width, against ONNX Runtime.</summary>
public sealed class OnnxOnRealSizesTests
{
    private const int TestImages = 10_000;
    private const int Compared = 1_000;
    private const int Batch = 500;
    private const int LargePictures = 50;
    private const int LargeBatch = 10;

    [Fact]
    public void Write_TrainedAlexNetMnist_HasEqualTopOneOnAllTestImages()
    {
        using Network network = new(ModelCatalog.AlexNetMnist(Mnist.Digits));
        using ThreadTeam team = new(2);
        Trainer.Train(network, Mnist.Splits(0, 3_840), new TrainingOptions { BatchSize = 64, Images = 3_840 }, team, cancellationToken: TestContext.Current.CancellationToken);
        using ExecutionPlan plan = new(network, Batch, PlanMode.Inference, team);
        using InferenceSession session = Exported.Session(Exported.Write(network));
        LabeledImages images = Mnist.Test(TestImages);
        int[] labels = images.Labels.ToArray();
        int correct = 0;
        for (int first = 0; first < TestImages; first += Batch)
        {
            float[] pixels = Mnist.Pixels(images, first, Batch);
            pixels.CopyTo(plan.Input(Batch));
            float[] expected = plan.Forward(Batch).ToArray();

            float[] actual = Exported.Run(session, network.Spec.Input, pixels, Batch, OnnxPictureLayout.Nchw);

            int[] top = Exported.Top(actual, Batch);
            Assert.Equal(Exported.Top(expected, Batch), top);
            correct += top.Where((digit, i) => digit == labels[first + i]).Count();
            if (first < Compared)
                Exported.AssertClose(expected, actual);
        }
        // A network that had learnt nothing would compare noise.
        Assert.True(correct > TestImages / 2, $"{correct} of {TestImages} right");
    }

    [Theory]
    [InlineData(ModelCatalog.AlexNet2012Name)]
    [InlineData(ModelCatalog.AlexNetOwtName)]
    public void Write_ImageNetsModelOfRandomWeights_HasEqualTopOne(string name)
    {
        using Network network = new(ModelCatalog.Create(name));
        Initializer.Initialize(network, Initialization.He, seed: 3);
        FeatureShape input = network.Spec.Input;
        using ThreadTeam team = new(2);
        using ExecutionPlan plan = new(network, LargeBatch, PlanMode.Inference, team);
        using InferenceSession session = Exported.Session(Exported.Write(network));
        for (int first = 0; first < LargePictures; first += LargeBatch)
        {
            float[] pictures = TestModels.Noise(LargeBatch * input.Length, seed: (ulong)first);
            pictures.CopyTo(plan.Input(LargeBatch));
            float[] expected = plan.Forward(LargeBatch).ToArray();

            float[] actual = Exported.Run(session, input, pictures, LargeBatch, OnnxPictureLayout.Nchw);

            Assert.Equal(Exported.Top(expected, LargeBatch), Exported.Top(actual, LargeBatch));
            Exported.AssertClose(expected, actual);
        }
    }
}
