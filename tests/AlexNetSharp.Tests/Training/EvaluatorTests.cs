using AlexNetSharp.Augmentation;
using AlexNetSharp.Execution;
using AlexNetSharp.Images;
using AlexNetSharp.Kernels.Threading;
using AlexNetSharp.Models;
using AlexNetSharp.Tests.Support;
using AlexNetSharp.Training;

namespace AlexNetSharp.Tests.Training;

/// <summary>A network that answers with the brightest of a picture's three pixels, so that every figure can be had by hand.</summary>
public sealed class EvaluatorTests : IDisposable
{
    private readonly ThreadTeam _team = new(1);
    private readonly Network _network;

    public EvaluatorTests()
    {
        ModelSpec model = TestModels.Model("brightest", new FeatureShape(1, 3, 1), 3, new Flatten { Name = "flat" }, new Dense { Name = "fc", Units = 3 });
        _network = new Network(model with { Classes = ["left", "middle", "right"] });
        _network.Write(_network.Find("fc.weight"), [1, 0, 0, 0, 1, 0, 0, 0, 1]);
    }

    public void Dispose()
    {
        _network.Dispose();
        _team.Dispose();
    }

    [Fact]
    public void Evaluate_SixPictures_CountsAsByHand()
    {
        // Brightest: left, left, middle, middle, middle, left.
        LabeledImages images = Pictures([0, 0, 1, 1, 0, 2], [255, 0, 0, 255, 0, 0, 0, 255, 0, 0, 255, 0, 0, 255, 0, 255, 0, 0]);

        Evaluation evaluation = Evaluate(images);

        Assert.Equal([[2, 1, 0], [0, 2, 0], [1, 0, 0]], evaluation.Confusion);
        Assert.Equal((6, 4.0 / 6), (evaluation.Images, evaluation.Accuracy));
        Assert.Equal(
            [new("left", 3, 2.0 / 3, 2.0 / 3), new("middle", 2, 2.0 / 3, 1), new ClassEvaluation("right", 1, 0, 0)],
            evaluation.PerClass);
        // Four logits of 1 against two of 0 are right: ln(e + 2) − 1 each; two are wrong: ln(e + 2).
        Assert.Equal(Math.Log(Math.E + 2) - (4.0 / 6), evaluation.Loss, 1e-6);
    }

    [Fact]
    public void Evaluate_Ties_GoToTheFirst()
    {
        Evaluation evaluation = Evaluate(Pictures([0, 1], [9, 9, 9, 0, 7, 7]));

        Assert.Equal(1, evaluation.Accuracy);
        Assert.Equal(1.0986, evaluation.Loss, 0.02); // About ln 3: the pixels are nearly black.
    }

    [Fact]
    public void Evaluate_MoreThanABatch_CountsEveryPictureOnce()
    {
        const int Count = 613;
        byte[] pixels = new byte[Count * 3];
        int[] labels = new int[Count];
        for (int i = 0; i < Count; i++)
        {
            pixels[(i * 3) + (i % 3)] = 200;
            labels[i] = i % 2;
        }

        Evaluation evaluation = Evaluate(Pictures(labels, pixels));

        Assert.Equal(Count, evaluation.Images);
        for (int label = 0; label < 3; label++)
        {
            for (int given = 0; given < 3; given++)
                Assert.Equal(Enumerable.Range(0, Count).Count(i => i % 2 == label && i % 3 == given), evaluation.Confusion[label][given]);
        }
    }

    [Fact]
    public void Evaluate_NoPictures_HasNoLossAndNoAccuracy()
    {
        Evaluation evaluation = Evaluate(Pictures([], []));

        Assert.Equal((0, 0.0, double.NaN), (evaluation.Images, evaluation.Accuracy, evaluation.Loss));
    }

    [Fact]
    public void Evaluate_Mistakes_AreTheSurestFirst()
    {
        // Wrong are 1, 2 and 4; of the two that are equally sure the first of the set comes first.
        LabeledImages images = Pictures([0, 0, 1, 1, 2], [255, 0, 0, 0, 255, 0, 255, 0, 0, 0, 255, 0, 0, 51, 0]);

        Evaluation evaluation = Evaluate(images);

        float sure = MathF.E / (MathF.E + 2), unsure = MathF.Exp(0.2f) / (MathF.Exp(0.2f) + 2);
        Assert.Equal([(1, 0, 1), (2, 1, 0), (4, 2, 1)], evaluation.Mistakes.Select(mistake => (mistake.Index, mistake.Label, mistake.Given)));
        Assert.Equal([sure, sure, unsure], evaluation.Mistakes.Select(mistake => mistake.GivenProbability), (a, b) => Math.Abs(a - b) < 1e-6f);
        Assert.Equal([(1 - sure) / 2, (1 - sure) / 2, (1 - unsure) / 2], evaluation.Mistakes.Select(mistake => mistake.LabelProbability), (a, b) => Math.Abs(a - b) < 1e-6f);
    }

    [Fact]
    public void Evaluate_MoreMistakesThanAreKept_KeepsTheSurest()
    {
        const int Count = 3 * Evaluation.MaximalMistakes;
        byte[] pixels = new byte[Count * 3];
        for (int i = 0; i < Count; i++)
            pixels[i * 3] = (byte)(1 + (i * 7 % 250));

        Evaluation evaluation = Evaluate(Pictures([.. Enumerable.Repeat(1, Count)], pixels));

        Assert.Equal(0, evaluation.Accuracy);
        int[] surest = [.. Enumerable.Range(0, Count).OrderByDescending(i => pixels[i * 3]).ThenBy(i => i).Take(Evaluation.MaximalMistakes)];
        Assert.Equal(surest, evaluation.Mistakes.Select(mistake => mistake.Index));
    }

    [Fact]
    public void Evaluate_PicturesThatCannotBeRead_LeaveTheOthersTheirPlaces()
    {
        LabeledImages images = Pictures([0, 1, 0], [255, 0, 0, 0, 255, 0, 0, 0, 255]);
        BrokenImages broken = new(images, index => index < 2);

        Evaluation evaluation = Evaluator.Evaluate(_network, broken, TestTimeAugmentation.None, _team, null, TestContext.Current.CancellationToken);

        Assert.Equal(2, Assert.Single(evaluation.Mistakes).Index);
    }

    [Fact]
    public void Evaluate_SeveralViews_GiveTheirMeanProbability()
    {
        // Mirrored, the picture is one of class 2: half of the probability goes to either side, and the first of equals wins.
        LabeledImages images = Pictures([2], [255, 0, 0]);

        Evaluation evaluation = Evaluator.Evaluate(_network, images, TestTimeAugmentation.Flip, _team, null, TestContext.Current.CancellationToken);

        Mistake mistake = Assert.Single(evaluation.Mistakes);
        Assert.Equal(((MathF.E + 1) / 2) / (MathF.E + 2), mistake.GivenProbability, 1e-6f);
        Assert.Equal(mistake.GivenProbability, mistake.LabelProbability, 1e-6f);
    }

    [Fact]
    public void Evaluate_Cancelled_Throws()
    {
        LabeledImages images = Pictures([0], [1, 2, 3]);

        Assert.Throws<OperationCanceledException>(() => Evaluator.Evaluate(_network, images, _team, new CancellationToken(canceled: true)));
    }

    [Fact]
    public void Evaluate_ClassTheModelLacks_NamesIt()
    {
        InvalidModelException exception = Assert.Throws<InvalidModelException>(() => Evaluate(Mnist.Test(1)));

        Assert.StartsWith("Data 'mnist/test' has the class '0', which model 'brightest' does not know", exception.Message);
    }

    [Fact]
    public void LabeledImages_ThatDoNotAddUp_SayWhy()
    {
        ArgumentException lengths = Assert.Throws<ArgumentException>(() => Pictures([0, 1], new byte[5]));
        ArgumentException label = Assert.Throws<ArgumentException>(() => Pictures([0, 3], new byte[6]));

        Assert.StartsWith("'pictures': 5 pixel bytes, but 2 labels of 1x3x1 pictures need 6.", lengths.Message);
        Assert.StartsWith("'pictures': picture 1 has label 3, but there are 3 classes (0 to 2).", label.Message);
    }

    [Fact]
    public void Slice_OfPictures_SharesThem()
    {
        LabeledImages slice = Pictures([0, 1, 2], [1, 2, 3, 4, 5, 6, 7, 8, 9]).Slice(1, 2, "slice");

        Assert.Equal((2, "slice"), (slice.Count, slice.Name));
        Assert.Equal<byte>([4, 5, 6], slice.Image(0).ToArray());
        Assert.Equal([1, 2], slice.Labels.ToArray());
    }

    private Evaluation Evaluate(LabeledImages images) => Evaluator.Evaluate(_network, images, _team, TestContext.Current.CancellationToken);

    private static LabeledImages Pictures(int[] labels, byte[] pixels) => new("pictures", 1, 3, 1, pixels, labels, ["left", "middle", "right"]);
}
