using AlexNetSharp.Augmentation;
using AlexNetSharp.Images;
using AlexNetSharp.Kernels.Threading;
using AlexNetSharp.Models;

namespace AlexNetSharp.Tests.Augmentation;

public sealed class BatchPreparationTests
{
    private const int Count = 12;

    private static readonly FeatureShape Input = new(10, 11, 3);
    private static readonly Preprocessing Preprocessing = new() { Mean = [0.5f, 0.4f, 0.3f], Deviation = [0.2f, 0.3f, 0.4f], Fit = PictureFit.Crop, ResizeTo = 13 };
    private static readonly StoredImage[] Images = [.. Enumerable.Range(0, Count).Select(i => Pictures.Noise(i, 8 + (3 * i), 40 - (2 * i), 3))];

    private static readonly AugmentationOptions Everything = new()
    {
        Fill = PictureFill.Reflect,
        RandomCrop = new(2),
        Flip = new(0.5f, 0.5f),
        Affine = new(20, 0.1f, 0.8f, 1.25f, 10, 0.8f),
        Elastic = new(3, 1, 0.8f),
        Brightness = new(),
        Contrast = new(),
        ColorNoise = new(),
        Erasing = new(Fill: ErasingFill.Noise),
        Mixup = new(),
        CutMix = new(),
    };

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    public void Prepare_AnyThreadCount_GivesTheSameBits(int threads) =>
        Assert.Equal(PrepareAndMix(1), PrepareAndMix(threads));

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public void Prepare_InSmallerBatches_GivesTheSameBits(int batch)
    {
        float[] whole = Pictures.Train(Everything, Input, Images, Preprocessing, seed: 9, epoch: 4, first: 100);

        float[] parts = [.. Enumerable.Range(0, Count).Chunk(batch).SelectMany(part => Pictures.Train(Everything, Input, [.. part.Select(i => Images[i])], Preprocessing, seed: 9, epoch: 4, first: 100 + part[0]))];

        Assert.Equal(whole, parts);
    }

    [Fact]
    public void Prepare_AfterOtherPictures_GivesTheSameBits()
    {
        using ThreadTeam team = new(1);
        using BatchPreparation preparation = new(Input, Preprocessing, Everything, 3, Count, team);
        float[] values = new float[Count * Input.Length], expected = Pictures.Train(Everything, Input, Images, Preprocessing, seed: 9);
        preparation.Prepare([.. Images.Reverse()], 3, 1, 0, values);
        preparation.Prepare(Images, TestView.Center, values);
        preparation.Prepare(Images, 9, 0, 0, values);

        Assert.Equal(expected, values);
    }

    [Fact]
    public void Prepare_OtherSeedsEpochsAndPositions_VaryOtherwise()
    {
        StoredImage image = Pictures.Noise(1, 20, 20, 3);
        (ulong Seed, int Epoch, int First)[] moments = [(1, 0, 0), (2, 0, 0), (1, 1, 0), (1, 0, 1), (1, 1, 1)];

        string[] seen = [.. moments.Select(moment => string.Join(' ', Pictures.Train(Everything, Input, [image], Preprocessing, seed: moment.Seed, epoch: moment.Epoch, first: moment.First)))];

        Assert.Equal(moments.Length, seen.Distinct().Count());
    }

    [Fact]
    public void Prepare_OneMoreOption_LeavesTheOthersDraws()
    {
        FeatureShape square = new(16, 16, 3);
        StoredImage[] images = Pictures.Repeat(Pictures.Noise(1, 16, 16, 3, low: 60, high: 160), 40);
        AugmentationOptions options = new() { RandomCrop = new(2), Brightness = new() };
        float[] with = Pictures.Train(options with { Flip = new(1), Erasing = new(1), Affine = new(Probability: 0), Elastic = new(Probability: 0) }, square, images), without = Pictures.Train(options, square, images);
        int erased = 0;
        for (int i = 0; i < with.Length; i++)
        {
            int picture = i / square.Length, row = i / 48 % 16, column = i / 3 % 16;
            float mirrored = without[(picture * square.Length) + (row * 48) + ((15 - column) * 3) + (i % 3)];
            // What is not erased is the same picture, mirrored.
            if (with[i] != 0)
                Assert.Equal(mirrored, with[i]);
            else if (mirrored != 0)
                erased++;
        }
        Assert.InRange(erased, with.Length / 50, with.Length / 2);
    }

    [Fact]
    public void Prepare_WithoutAugmentation_IsWhatAnEvaluationSees()
    {
        foreach (AugmentationOptions? options in new[] { null, AugmentationOptions.None, new() { Flip = new(0), Affine = new(Probability: 0), Elastic = new(Amplitude: 0), Brightness = new(1, 1), Erasing = new(0) } })
        {
            using ThreadTeam team = new(1);
            using BatchPreparation preparation = new(Input, Preprocessing, options, 3, Count, team);
            float[] training = new float[Count * Input.Length], evaluation = new float[Count * Input.Length];
            preparation.Prepare(Images, 1, 0, 0, training);
            preparation.Prepare(Images, TestView.Center, evaluation);

            Assert.Equal(evaluation, training);
        }
    }

    [Fact]
    public void Prepare_ViewsOfAVariedSet_VariesNothing()
    {
        using ThreadTeam team = new(1);
        using BatchPreparation preparation = new(Input, Preprocessing, Everything with { Fill = PictureFill.Black }, 3, Count, team);
        float[] values = new float[Count * Input.Length];
        preparation.Prepare(Images, TestView.Center, values);

        Assert.Equal([.. Images.SelectMany(image => Pictures.View(Input, image, Preprocessing))], values);
    }

    [Fact]
    public void Constructor_WhatDoesNotFit_SaysWhatDoes()
    {
        using ThreadTeam team = new(1);

        Assert.StartsWith("The pictures have 4 channels, the model takes 3;", Assert.Throws<ArgumentException>(() => new BatchPreparation(Input, Preprocessing, null, 4, 1, team)).Message);
        Assert.StartsWith("Augmentation: colour noise needs a model of 3 channels; this one takes 1.", Assert.Throws<ArgumentException>(() => new BatchPreparation(new(4, 4, 1), Preprocessing.None, new() { ColorNoise = new() }, 1, 1, team)).Message);
        Assert.StartsWith("The preprocessing has 3 means and 3 deviations; the model takes 1 channels.", Assert.Throws<ArgumentException>(() => new BatchPreparation(new(4, 4, 1), Preprocessing, null, 1, 1, team)).Message);
        Assert.StartsWith("Augmentation: mixup's alpha", Assert.Throws<ArgumentException>(() => new BatchPreparation(Input, Preprocessing, new() { Mixup = new(0) }, 3, 1, team)).Message);
        Assert.ThrowsAny<ArgumentException>(() => new BatchPreparation(Input, Preprocessing, null, 3, 0, team));
    }

    [Fact]
    public void Prepare_WhatDoesNotFit_SaysWhatDoes()
    {
        using ThreadTeam team = new(1);
        BatchPreparation preparation = new(Input, Preprocessing, null, 3, 2, team);
        float[] values = new float[2 * Input.Length];

        Assert.StartsWith("3 pictures were given; this was made for at most 2 at once.", Assert.Throws<ArgumentException>(() => preparation.Prepare(Images.AsSpan(0, 3), default, values)).Message);
        Assert.StartsWith("'destination' holds 660 values; 330 are needed.", Assert.Throws<ArgumentException>(() => preparation.Prepare(Images.AsSpan(0, 1), default, values)).Message);
        Assert.StartsWith("Picture 1 of the batch is 4x5x3 but holds 59 bytes.", Assert.Throws<ArgumentException>(() => preparation.Prepare([Images[0], new StoredImage(4, 5, new byte[59])], default, values)).Message);
        Assert.ThrowsAny<ArgumentException>(() => preparation.Prepare(Images.AsSpan(0, 2), 1, -1, 0, values));
        Assert.ThrowsAny<ArgumentException>(() => preparation.Prepare(Images.AsSpan(0, 2), 1, 0, -1, values));
        preparation.Dispose();
        preparation.Dispose();
        Assert.Throws<ObjectDisposedException>(() => preparation.Prepare(Images.AsSpan(0, 2), default, values));
    }

    private static float[] PrepareAndMix(int threads)
    {
        using ThreadTeam team = new(threads);
        using BatchPreparation preparation = new(Input, Preprocessing, Everything, 3, Count, team);
        float[] values = new float[Count * Input.Length], targets = new float[Count * 4];
        for (int i = 0; i < Count; i++)
            targets[(i * 4) + (i % 4)] = 1;
        preparation.Prepare(Images, 9, 4, 100, values);
        preparation.Mix(values, targets, Count, 4, 9, 4, 8);
        return [.. values, .. targets];
    }
}
