using System.Text.Json;
using System.Text.Json.Nodes;
using AlexNetSharp.Augmentation;
using AlexNetSharp.Execution;
using AlexNetSharp.Kernels.Optimizers;
using AlexNetSharp.Tests.Support;
using AlexNetSharp.Training;

namespace AlexNetSharp.Tests.Training;

public sealed class TrainingOptionsJsonTests
{
    private const string Source = "run.json";

    /// <summary>Options with everything switched on.</summary>
    private static TrainingOptions Everything => new()
    {
        BatchSize = 32,
        Accumulate = 4,
        Epochs = 7,
        Images = 4096,
        LearningRate = 0.0125f,
        Schedule = new OneCycleSchedule { PeakAt = 0.4f, StartDivisor = 10, FinalDivisor = 50, WarmUpSteps = 5 },
        Optimizer = new SgdOptions { Momentum = 0.8f, Form = MomentumForm.WeightVelocity, Nesterov = true, WeightDecay = 0.0005f, DecaysBiases = false },
        ClipNorm = 2.5f,
        Initialization = Initialization.StandardNormal,
        Freeze = ["conv1", "fc"],
        NormalizePixels = true,
        Augmentation = new AugmentationOptions
        {
            Fill = PictureFill.Reflect,
            RandomResizedCrop = new RandomResizedCrop(0.2f),
            Flip = new Flip(0.4f, 0.1f),
            Affine = new Affine(10, 0.1f, 0.9f, 1.1f, 5, 0.7f),
            Elastic = new Elastic(5, 2, 0.5f),
            Brightness = new Brightness(0.8f, 1.2f),
            Contrast = new Contrast(0.8f, 1.2f),
            ColorNoise = new ColorNoise(0.2f),
            Erasing = new Erasing(0.3f, Fill: ErasingFill.Noise),
            Mixup = new Mixup(0.3f),
            CutMix = new CutMix(0.9f),
        },
        LabelSmoothing = 0.1f,
        ClassWeighting = ClassWeighting.Balanced,
        Averaging = new AveragingOptions { Decay = 0.99f, Every = 3 },
        Patience = 4,
        Keep = KeptWeights.Best,
        Strict = true,
        Seed = ulong.MaxValue,
        ReportEvery = 10,
    };

    public static TheoryData<string> Recipes => [.. Recipe.All.Select(recipe => recipe.Name)];

    public static TheoryData<string, string> Faults => new()
    {
        { """{"batchsize": 3}""", "'run.json', batchsize: there is no such option. Known are batch_size, accumulate," },
        { """{"optimizer": {"beta3": 3}}""", "'run.json', optimizer.beta3: there is no such option. Known are type, beta1, beta2, epsilon," },
        { """{"optimizer": {"type": "sgd", "beta1": 3}}""", "'run.json', optimizer.beta1: there is no such option." },
        { """{"optimizer": {"momentum": 0.9, "type": "lion"}}""", "'run.json', optimizer: there is no type 'lion'. Known are adam, sgd." },
        { """{"optimizer": null}""", "'run.json', optimizer: null cannot stand here." },
        { """{"optimizer": 3}""", "'run.json', optimizer: a value of another kind is expected." },
        { """{"batch_size": "many"}""", "'run.json', batch_size: a whole number is expected." },
        { """{"batch_size": 2.5}""", "'run.json', batch_size: a whole number is expected." },
        { """{"images": "all"}""", "'run.json', images: a whole number is expected." },
        { """{"seed": -1}""", "'run.json', seed: a whole number is expected." },
        { """{"learning_rate": "low"}""", "'run.json', learning_rate: a number is expected." },
        { """{"strict": 1}""", "'run.json', strict: true or false is expected." },
        { """{"optimizer": {"form": "Epsilon-Hat"}}""", "'run.json', optimizer.form: expected is one of \"epsilon_hat\", \"epsilon\"." },
        { """{"initialization": 1}""", "'run.json', initialization: expected is one of \"standard_normal\", \"he\", \"krizhevsky_2012\"." },
        { """{"batch_size": 0}""", "'run.json': The batch size is 0; it must be at least 1." },
        { """{"label_smoothing": 1}""", "'run.json': The label smoothing is 1; it must lie in [0, 1)." },
        { """{"schedule": {"type": "step", "factor": 2}}""", "'run.json': The rate is multiplied by 2; it must lie in (0, 1]." },
        { """{"freeze": [""]}""", "'run.json': A prefix of parameters to freeze is empty" },
        { """{"freeze": null}""", "'run.json'" },
        { """{"freeze": "conv"}""", "'run.json', freeze: a value of another kind is expected." },
        { """{"epochs": 3, "epochs": 4}""", "'run.json', " },
        { "[1, 2]", "'run.json': expected a JSON object of training options" },
        { "null", "'run.json': expected a JSON object of training options" },
        { "{\n  \"epochs\": 3\n  \"seed\": 4\n}", "'run.json', line 3: " },
        { "", "'run.json', line 1: " },
    };

    [Theory]
    [MemberData(nameof(Recipes))]
    public void With_WhatWasWritten_IsTheSameRecipe(string name) => AssertRoundTrip(Recipe.Find(name).Options);

    [Fact]
    public void With_EverythingSwitchedOn_IsTheSame() => AssertRoundTrip(Everything);

    [Fact]
    public void With_AdamsOwnValues_AreTheSame() =>
        AssertRoundTrip(new TrainingOptions { Optimizer = new AdamOptions { Beta1 = 0.8f, Beta2 = 0.99f, Epsilon = 1e-6f, Form = AdamForm.Epsilon, WeightDecay = 0.05f } });

    [Fact]
    public void With_OneOption_LeavesTheOthers()
    {
        TrainingOptions changed = Everything.With("""{"optimizer": {"momentum": 0.5}, "averaging": {"every": 2}}""", Source);

        Assert.Equal(((SgdOptions)Everything.Optimizer) with { Momentum = 0.5f }, changed.Optimizer);
        Assert.Equal(new AveragingOptions { Decay = 0.99f, Every = 2 }, changed.Averaging);
        Assert.Equal(4096, changed.Images);
        Assert.Equal(Everything.Freeze, changed.Freeze);
    }

    [Fact]
    public void With_AnotherType_BeginsAtItsDefaults()
    {
        // The type need not come first.
        TrainingOptions changed = Everything.With("""{"optimizer": {"weight_decay": 0.01, "type": "adam"}, "schedule": {"type": "constant"}}""", Source);

        Assert.Equal(new AdamOptions { WeightDecay = 0.01f }, changed.Optimizer);
        Assert.Equal(new ConstantSchedule(), changed.Schedule);
    }

    [Fact]
    public void With_Null_SwitchesOff()
    {
        TrainingOptions changed = Everything.With("""{"images": null, "clip_norm": null, "augmentation": {"mixup": null}, "averaging": null, "patience": null}""", Source);

        Assert.Equal((null, null, null, null), (changed.Images, changed.ClipNorm, changed.Averaging, changed.Patience));
        Assert.Null(changed.Augmentation!.Mixup);
        Assert.NotNull(changed.Augmentation.CutMix);
    }

    [Fact]
    public void With_WhatWasOff_BeginsAtItsDefaults()
    {
        TrainingOptions changed = new TrainingOptions().With("""{"averaging": {}, "augmentation": {"affine": {"rotation_degrees": 5}}}""", Source);

        Assert.Equal(new AveragingOptions(), changed.Averaging);
        Assert.Equal(new AugmentationOptions { Affine = new Affine(RotationDegrees: 5) }, changed.Augmentation);
    }

    [Fact]
    public void With_CommentsAndTrailingCommas_AreRead()
    {
        TrainingOptions changed = new TrainingOptions().With("""
            {
              // as in the paper
              "epochs": 90, /* about */
              "freeze": ["conv1", "conv2",],
            }
            """, Source);

        Assert.Equal(90, changed.Epochs);
        Assert.Equal(["conv1", "conv2"], changed.Freeze);
    }

    [Fact]
    public void With_ImagesThatFillNoStep_IsLeftToValidate()
    {
        TrainingOptions changed = new TrainingOptions().With("""{"images": 20}""", Source);

        Assert.Null(Record.Exception((changed with { BatchSize = 10 }).Validate));
        Assert.Throws<ArgumentException>(changed.Validate);
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public void With_Fault_SaysInOneLineWhereAndWhat(string json, string message)
    {
        InvalidDataException exception = Assert.Throws<InvalidDataException>(() => new TrainingOptions().With(json, Source));

        TestContext.Current.TestOutputHelper?.WriteLine(exception.Message);
        Assert.StartsWith(message, exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', exception.Message);
        Assert.DoesNotContain("AlexNetSharp", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void With_ExampleOfTheDocuments_IsReadAndNamesEveryOption()
    {
        string page = File.ReadAllText(Repository.File("docs", "training.md"));
        const string Fence = "```json\n";
        int start = page.IndexOf(Fence, StringComparison.Ordinal) + Fence.Length;
        string example = page[start..page.IndexOf("```", start, StringComparison.Ordinal)];

        TrainingOptions options = new TrainingOptions().With(example, "docs/training.md");

        Assert.Equal(new SgdOptions { Form = MomentumForm.WeightVelocity, WeightDecay = 0.0005f }, options.Optimizer);
        Assert.Equal((128, null, 10, KeptWeights.Best), (options.BatchSize, options.Images, options.Patience, options.Keep));
        JsonDocumentOptions lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };
        Assert.Equal(Keys(TrainingOptionsJson.Write(options)), Keys(example));

        IEnumerable<string> Keys(string json) => JsonNode.Parse(json, documentOptions: lenient)!.AsObject().Select(option => option.Key).Order(StringComparer.Ordinal);
    }

    [Fact]
    public void Write_Names_AreInSnakeCase()
    {
        string json = TrainingOptionsJson.Write(Everything);

        Assert.Contains("\"form\": \"weight_velocity\"", json, StringComparison.Ordinal);
        Assert.Contains("\"initialization\": \"standard_normal\"", json, StringComparison.Ordinal);
        Assert.Contains("\"class_weighting\": \"balanced\"", json, StringComparison.Ordinal);
        Assert.Contains("\"fill\": \"noise\"", json, StringComparison.Ordinal);
    }

    private static void AssertRoundTrip(TrainingOptions options)
    {
        string json = TrainingOptionsJson.Write(options);

        // Over options that agree with it in nothing.
        foreach (TrainingOptions standing in new[] { new TrainingOptions(), Everything, Recipe.Seed.Options })
        {
            TrainingOptions read = standing.With(json, Source);
            Assert.Equal(json, TrainingOptionsJson.Write(read));
            Assert.Equal(options.Freeze, read.Freeze);
            Assert.Equal(options, read with { Freeze = options.Freeze, Augmentation = options.Augmentation });
        }
    }
}
