using System.Collections.Immutable;
using AlexNetSharp.Augmentation;
using AlexNetSharp.Checkpoints;
using AlexNetSharp.Execution;
using AlexNetSharp.Images;
using AlexNetSharp.Kernels.Losses;
using AlexNetSharp.Kernels.Threading;
using AlexNetSharp.Models;
using SkiaSharp;

namespace AlexNetSharp.Data.Tests.Prediction;

/// <summary>Untrained networks: what matters here is that every way to ask gives the same bits.</summary>
public sealed class AlexNetTests : IDisposable
{
    private const int Width = 4;
    private static readonly AlexNetOptions TwoThreads = new() { Threads = 2 };

    private readonly TemporaryDirectory _directory = new();
    private readonly string _digits;
    private readonly string _colors;

    public AlexNetTests()
    {
        _digits = Save(ModelCatalog.AlexNetMnist([.. Enumerable.Range(0, 10).Select(i => $"{i}")], Width) with { Preprocessing = new Preprocessing { FindsGlyph = true } }, "digits.safetensors");
        _colors = Save(ModelCatalog.AlexNetCifar(["cat", "dog", "frog"], Width), "colors.safetensors");
    }

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Predict_PathBytesStreamAndPicture_GiveTheSameBits()
    {
        byte[] png = Digit(0);
        string path = _directory.Write("digit.png", png);
        using AlexNet alexnet = AlexNet.Load(_digits, TwoThreads);
        using MemoryStream stream = new(png);

        Classification expected = alexnet.Predict(path);

        Assert.Equal(expected.Labels, alexnet.Predict(png).Labels);
        Assert.Equal(expected.Labels, alexnet.Predict(stream).Labels);
        Assert.Equal(expected.Labels, alexnet.Predict(PictureReader.Read(path)).Labels);
        Assert.Equal(expected.Labels, alexnet.Predict(alexnet.Decode(png)).Labels);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Predict_ColorModel_GivesThePlansBitsForEachWay(int threads)
    {
        byte[] png = ColorPicture(48, 64);
        string path = _directory.Write("color.png", png);
        using AlexNet alexnet = AlexNet.Load(_colors, new AlexNetOptions { Threads = threads });

        Classification answer = alexnet.Predict(path);

        Assert.Equal(ByHand(_colors, path, TestTimeAugmentation.None, findsGlyph: true), InOrderOfClasses(answer));
        Assert.Equal(answer.Labels, alexnet.Predict(png).Labels);
        Assert.Equal(answer.Labels, alexnet.Predict(PictureReader.Decode(png, "color")).Labels);
    }

    [Theory]
    [InlineData("none", true)]
    [InlineData("shifts", true)]
    [InlineData("none", false)]
    public void Predict_ViewsAndGlyphs_AreThoseAskedFor(string views, bool findsGlyph)
    {
        string path = _directory.Write("digit.png", Digit(3));
        AlexNetOptions options = TwoThreads with { Views = TestTimeAugmentation.Find(views), FindsGlyph = findsGlyph };
        using AlexNet alexnet = AlexNet.Load(_digits, options);

        Assert.Equal(ByHand(_digits, path, options.Views, findsGlyph), InOrderOfClasses(alexnet.Predict(path)));
    }

    [Fact]
    public void Predict_StoredImage_TakesMnistsOwnBytesAsTheyAre()
    {
        StoredImage digit = new(28, 28, Mnist.TestImage(0));
        using AlexNet raw = AlexNet.Load(_digits, TwoThreads with { FindsGlyph = false });
        using AlexNet alexnet = AlexNet.Load(_digits, TwoThreads);

        Assert.Equal(raw.Predict(TestPictures.Encode(TestPictures.Grey(Mnist.TestImage(0), 28, 28))).Labels, alexnet.Predict(digit).Labels);
    }

    [Fact]
    public void PredictBatch_AnyLength_GivesTheBitsOfOneAlone()
    {
        using AlexNet alexnet = AlexNet.Load(_digits, TwoThreads with { MaximalBatch = 3, Views = TestTimeAugmentation.Shifts });
        byte[][] pictures = [.. Enumerable.Range(0, 7).Select(Digit)];
        string[] paths = [.. pictures.Select((png, i) => _directory.Write($"{i}.png", png))];
        ImmutableArray<ClassProbability>[] expected = [.. paths.Select(path => alexnet.Predict(path).Labels)];

        Assert.Empty(alexnet.PredictBatch(Array.Empty<string>()));
        for (int count = 1; count <= paths.Length; count++)
            Assert.Equal(expected[..count], alexnet.PredictBatch(paths[..count]).Select(answer => answer.Labels));
        Assert.Equal(expected, alexnet.PredictBatch([.. pictures.Select(png => new ReadOnlyMemory<byte>(png))]).Select(answer => answer.Labels));
        Assert.Equal(expected, alexnet.PredictBatch([.. paths.Select(PictureReader.Read)]).Select(answer => answer.Labels));
        Assert.Equal(expected, alexnet.PredictBatch([.. pictures.Select(png => alexnet.Decode(png))]).Select(answer => answer.Labels));
    }

    [Fact]
    public void Predict_ManyThreadsAtOnce_GiveTheBitsOfOne()
    {
        using AlexNet alexnet = AlexNet.Load(_digits, TwoThreads with { MaximalBatch = 4 });
        byte[][] pictures = [.. Enumerable.Range(0, 8).Select(Digit)];
        ImmutableArray<ClassProbability>[] expected = [.. pictures.Select(png => alexnet.Predict(png).Labels)];

        Parallel.For(0, 64, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
        {
            if (i % 4 == 0)
                Assert.Equal(expected, alexnet.PredictBatch([.. pictures.Select(png => new ReadOnlyMemory<byte>(png))]).Select(answer => answer.Labels));
            else
                Assert.Equal(expected[i % 8], alexnet.Predict(pictures[i % 8]).Labels);
        });
    }

    [Fact]
    public void PredictBatch_BrokenPictures_NamesTheFirst()
    {
        using AlexNet alexnet = AlexNet.Load(_digits, TwoThreads);
        string good = _directory.Write("good.png", Digit(0)), text = _directory.Write("text.png", "no picture"u8.ToArray());

        Assert.Contains(text, Assert.Throws<InvalidDataException>(() => alexnet.PredictBatch([good, text, _directory.File("none.png")])).Message, StringComparison.Ordinal);
        Assert.Contains("picture 1", Assert.Throws<InvalidDataException>(() => alexnet.PredictBatch(new ReadOnlyMemory<byte>[] { Digit(0), new byte[3] })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Predict_NoSuchFileOrAFolder_SaysSo()
    {
        using AlexNet alexnet = AlexNet.Load(_digits, TwoThreads);

        Assert.Contains("no-such.png", Assert.Throws<FileNotFoundException>(() => alexnet.Predict("no-such.png")).Message, StringComparison.Ordinal);
        Assert.Contains("folder", Assert.Throws<FileNotFoundException>(() => alexnet.Predict(_directory.Path)).Message, StringComparison.Ordinal);
        Assert.Contains("blank", Assert.Throws<InvalidDataException>(() => alexnet.Predict(TestPictures.Encode(TestPictures.Solid(40, 40, SKColors.White)))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Predict_StoredImageOfOtherChannels_SaysSo()
    {
        using AlexNet alexnet = AlexNet.Load(_digits, TwoThreads);

        Assert.Throws<ArgumentException>(() => alexnet.Predict(new StoredImage(28, 28, new byte[28 * 28 * 3])));
        // And goes on working.
        Assert.Equal(10, alexnet.Predict(Digit(0)).Labels.Length);
    }

    [Fact]
    public void Load_NoSuchFileFolderOrBroken_SaysSo()
    {
        string broken = _directory.Write("broken.safetensors", File.ReadAllBytes(_digits)[..1000]);

        Assert.Throws<FileNotFoundException>(() => AlexNet.Load(_directory.File("none.safetensors")));
        Assert.Contains("folder", Assert.Throws<FileNotFoundException>(() => AlexNet.Load(_directory.Path)).Message, StringComparison.Ordinal);
        Assert.Contains(broken, Assert.Throws<InvalidDataException>(() => AlexNet.Load(broken)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_OptionsThatMakeNoSense_AreNamed()
    {
        Assert.Contains("Threads", Assert.Throws<ArgumentException>(() => AlexNet.Load(_digits, new AlexNetOptions { Threads = -1 })).Message, StringComparison.Ordinal);
        Assert.Contains("MaximalBatch", Assert.Throws<ArgumentException>(() => AlexNet.Load(_digits, new AlexNetOptions { MaximalBatch = 0 })).Message, StringComparison.Ordinal);
        Assert.Contains("Views", Assert.Throws<ArgumentException>(() => AlexNet.Load(_digits, new AlexNetOptions { Views = new("empty", []) })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Constructor_NetworkOfTwoChannels_SaysSo()
    {
        ModelSpec spec = new() { Name = "pairs", Input = new FeatureShape(4, 4, 2), Classes = ["a", "b"], Layers = [new Flatten { Name = "flat" }, new Dense { Name = "fc", Units = 2 }] };
        using Network network = new(spec);

        Assert.Contains("2 channels", Assert.Throws<InvalidModelException>(() => new AlexNet(network)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Dispose_NetworkLeftOpen_StaysUsable()
    {
        using Network network = ModelFile.Load(_digits);
        Classification first, second;
        using (AlexNet alexnet = new(network, TwoThreads, leaveOpen: true))
            first = alexnet.Predict(Digit(0));
        using (AlexNet alexnet = new(network, TwoThreads, leaveOpen: true))
            second = alexnet.Predict(Digit(0));

        Assert.Equal(first.Labels, second.Labels);
    }

    [Fact]
    public void Predict_Disposed_SaysSo()
    {
        AlexNet alexnet = AlexNet.Load(_digits, TwoThreads);
        alexnet.Dispose();
        alexnet.Dispose();

        Assert.Throws<ObjectDisposedException>(() => alexnet.Predict(Digit(0)));
    }

    [Fact]
    public void Labels_EqualProbabilities_StayInTheClassesOrder()
    {
        Classification answer = new(["a", "b", "c", "d"], [0.125f, 0.375f, 0.125f, 0.375f]);

        Assert.Equal([new("b", 1, 0.375f), new("d", 3, 0.375f), new("a", 0, 0.125f), new("c", 2, 0.125f)], answer.Labels);
        Assert.Equal(("b", 0.375f), (answer.Label, answer.Probability));
        Assert.Equal("b (37.50 %)", answer.ToString());
        Assert.Throws<ArgumentException>(() => new Classification(["a"], [0.5f, 0.5f]));
    }

    // As the plan's documentation says to do it, without AlexNet.
    private static float[] ByHand(string model, string path, TestTimeAugmentation views, bool findsGlyph)
    {
        using Network network = ModelFile.Load(model);
        using ThreadTeam team = new(1);
        using ExecutionPlan plan = new(network, 1, PlanMode.Inference, team);
        using PicturePreparation preparation = new(network.Spec, team, findsGlyph);
        float[] probabilities = new float[network.Spec.Classes.Length], ofView = new float[probabilities.Length];
        StoredImage picture = preparation.Read(path);
        foreach (TestView view in views.Views)
        {
            preparation.Prepare(picture, view, plan.Input(1));
            SoftmaxCrossEntropy.Softmax(plan.Forward(1), ofView, ofView.Length);
            for (int i = 0; i < ofView.Length; i++)
                probabilities[i] += ofView[i] / views.Views.Length;
        }
        return probabilities;
    }

    private static float[] InOrderOfClasses(Classification answer) => [.. answer.Labels.OrderBy(label => label.Index).Select(label => label.Probability)];

    private static byte[] Digit(int index) =>
        TestPictures.Encode(TestPictures.Enlarge(TestPictures.Grey(Mnist.TestImage(index), 28, 28), 3, TestPictures.Smooth));

    private static byte[] ColorPicture(int height, int width)
    {
        using SKBitmap bitmap = TestPictures.Solid(height, width, SKColors.White);
        Span<byte> rgba = bitmap.GetPixelSpan();
        for (int i = 0; i < rgba.Length; i++)
        {
            if (i % 4 != 3)
                rgba[i] = (byte)(i * (7 + (i % 4)));
        }
        return TestPictures.Encode(bitmap);
    }

    private string Save(ModelSpec spec, string name)
    {
        using Network network = new(spec);
        Initializer.Initialize(network, Initialization.He, 1);
        string path = _directory.File(name);
        ModelFile.Save(network, path);
        return path;
    }
}
