using AlexNetSharp.Training;

namespace AlexNetSharp.Tests.Training;

public sealed class OptionsTests
{
    public static TheoryData<TrainingOptions, string> Senseless => new()
    {
        { new() { BatchSize = 0 }, "The batch size is 0; it must be at least 1." },
        { new() { BatchSize = -3 }, "The batch size is -3; it must be at least 1." },
        { new() { Epochs = 0 }, "The number of epochs is 0; it must be at least 1." },
        { new() { Images = 63 }, "The number of images is 63; it must be at least the pictures of a step, 64." },
        { new() { LearningRate = 0 }, "The learning rate is 0; it must be a finite number above 0." },
        { new() { LearningRate = -1 }, "The learning rate is -1; it must be a finite number above 0." },
        { new() { LearningRate = float.NaN }, "The learning rate is NaN; it must be a finite number above 0." },
        { new() { LearningRate = float.PositiveInfinity }, "The learning rate is Infinity; it must be a finite number above 0." },
        { new() { ReportEvery = 0 }, "The reporting interval is 0 steps; it must be at least 1." },
    };

    [Theory]
    [MemberData(nameof(Senseless))]
    public void Validate_SenselessOption_NamesItItsValueAndTheRange(TrainingOptions options, string message)
    {
        Assert.Equal(message, Assert.Throws<ArgumentException>(options.Validate).Message);
    }

    [Fact]
    public void Validate_ImagesGiven_DoesNotLookAtEpochs()
    {
        TrainingOptions options = new() { Epochs = 0, Images = 64 };

        Assert.Null(Record.Exception(options.Validate));
    }

    [Fact]
    public void All_Recipes_AreValidAndFoundByName()
    {
        Assert.All(Recipe.All, recipe =>
        {
            recipe.Options.Validate();
            Assert.Same(recipe, Recipe.Find(recipe.Name));
        });
    }

    [Fact]
    public void Find_UnknownRecipe_ListsTheKnown()
    {
        ArgumentException exception = Assert.Throws<ArgumentException>(() => Recipe.Find("fast"));

        Assert.Equal($"There is no recipe called 'fast'. Known are: {string.Join(", ", Recipe.All.Select(recipe => recipe.Name))}.", exception.Message);
    }

    [Fact]
    public void Seed_Recipe_IsTheTutorials()
    {
        TrainingOptions options = Recipe.Seed.Options;

        Assert.Equal((64, 300_000, 0.001f, LearningRateSchedule.Constant, 100), (options.BatchSize, options.Images, options.LearningRate, options.Schedule, options.ReportEvery));
        Assert.Equal(new AdamOptions { Beta1 = 0.9f, Beta2 = 0.999f, Epsilon = 1e-8f, Form = Kernels.Optimizers.AdamForm.EpsilonHat }, options.Optimizer);
        Assert.Equal(AlexNetSharp.Execution.Initialization.StandardNormal, options.Initialization);
    }

    [Theory]
    [InlineData(0, 0.5f)]
    [InlineData(1, 0.5f)]
    [InlineData(999, 0.5f)]
    public void RateAt_Constant_StaysWhereItIs(int step, float rate)
    {
        Assert.Equal(rate, LearningRateSchedule.Constant.RateAt(0.5f, step, 1000, 100));
    }

    [Fact]
    public void RateAt_Cosine_FallsFromTheFullRateToNearlyZero()
    {
        const int Steps = 1000;
        float[] rates = [.. Enumerable.Range(0, Steps).Select(step => LearningRateSchedule.Cosine.RateAt(0.5f, step, Steps, 100))];

        Assert.Equal(0.5f, rates[0]);
        Assert.Equal(0.25f, rates[Steps / 2], 1e-7f);
        // 1 + cos(π − x) is x² / 2, with x = π / 1000.
        Assert.Equal(0.5 * Math.PI * Math.PI / 4 / Steps / Steps, rates[^1], 1e-9);
        Assert.All(rates.Zip(rates.Skip(1)), pair => Assert.True(pair.Second < pair.First));
    }
}
