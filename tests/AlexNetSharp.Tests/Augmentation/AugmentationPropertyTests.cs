using AlexNetSharp.Augmentation;
using AlexNetSharp.Images;
using AlexNetSharp.Models;
using CsCheck;

namespace AlexNetSharp.Tests.Augmentation;

public sealed class AugmentationPropertyTests
{
    private static readonly Gen<int> Channels = Gen.Bool.Select(colors => colors ? 3 : 1);
    private static readonly Gen<PictureFill> Fills = Gen.Int[0, 2].Select(fill => (PictureFill)fill);

    private static readonly Gen<AugmentationOptions> Geometries = Gen.Select(
        Maybe(Gen.Int[0, 9].Select(padding => new RandomCrop(padding))),
        Maybe(Gen.Select(Gen.Float[0.01f, 0.5f], Gen.Float[0.5f, 1], Gen.Float[0.1f, 1], Gen.Float[1, 9], (a, b, c, d) => new RandomResizedCrop(a, b, c, d))),
        Maybe(Gen.Select(Gen.Float[0, 1], Gen.Float[0, 1], (a, b) => new Flip(a, b))),
        Maybe(Gen.Select(Gen.Float[0, 180], Gen.Float[0, 1], Gen.Float[0.1f, 1], Gen.Float[1, 10], Gen.Float[0, 60], (a, b, c, d, e) => new Affine(a, b, c, d, e))),
        Maybe(Gen.Select(Gen.Float[0.5f, 30], Gen.Float[0, 20], (a, b) => new Elastic(a, b))),
        Fills,
        (crop, part, flip, affine, elastic, fill) => new AugmentationOptions { RandomCrop = part is null ? crop : null, RandomResizedCrop = part, Flip = flip, Affine = affine, Elastic = elastic, Fill = fill });

    private static readonly Gen<AugmentationOptions> Options = Gen.Select(
        Geometries,
        Maybe(Gen.Select(Gen.Float[0.01f, 1], Gen.Float[1, 10], (a, b) => new Brightness(a, b))),
        Maybe(Gen.Select(Gen.Float[0.01f, 1], Gen.Float[1, 10], (a, b) => new Contrast(a, b))),
        Maybe(Gen.Select(Gen.Float[0.01f, 0.4f], Gen.Float[0.4f, 1], Gen.Bool, (a, b, noise) => new Erasing(1, a, b, noise ? ErasingFill.Noise : ErasingFill.Mean))),
        (geometry, brightness, contrast, erasing) => geometry with { Brightness = brightness, Contrast = contrast, Erasing = erasing });

    // Sizes of input and picture from one pixel up, channels of each, the way to fit and a seed.
    private static readonly Gen<(FeatureShape Input, ImageSize Size, int Channels, Preprocessing Preprocessing, int Seed)> Cases = Gen.Select(
        Gen.Select(Gen.Int[1, 20], Gen.Int[1, 20], Channels, (height, width, channels) => new FeatureShape(height, width, channels)),
        Gen.Select(Gen.Int[1, 60], Gen.Int[1, 60], (height, width) => new ImageSize(height, width)),
        Channels,
        Gen.Select(Gen.Bool, Gen.Int[0, 30], (crops, room) => (crops, room)),
        Gen.Int[0, 1_000_000],
        (input, size, channels, fit, seed) =>
            (input, size, channels, new Preprocessing { Fit = fit.crops ? PictureFit.Crop : PictureFit.Stretch, ResizeTo = Math.Min(input.Height, input.Width) + fit.room }, seed));

    [Fact]
    public void Prepare_AnyOptionsAndPicture_StaysWithinBlackAndWhite() =>
        Gen.Select(Cases, Options).Sample(
            (item, options) =>
            {
                StoredImage image = Pictures.Noise(item.Seed, item.Size.Height, item.Size.Width, item.Channels);
                Assert.All(Pictures.Train(options, item.Input, [image], item.Preprocessing, item.Channels, (ulong)item.Seed), value => Assert.InRange(value, 0, 1 + 1e-6f));
            },
            iter: 1500,
            threads: 1);

    [Fact]
    public void Prepare_AConstantPictureWithEdgeOrReflectFill_StaysConstant() =>
        Gen.Select(Cases, Geometries).Sample(
            (item, options) =>
            {
                if (options.Fill == PictureFill.Black)
                    options = options with { Fill = PictureFill.Edge };
                byte level = (byte)item.Seed;
                float[] values = Pictures.Train(options, item.Input, [Pictures.Constant(item.Size.Height, item.Size.Width, item.Channels, level)], item.Preprocessing, item.Channels, (ulong)item.Seed);
                Assert.All(values, value => Assert.Equal(level / 255f, value));
            },
            iter: 1500,
            threads: 1);

    [Fact]
    public void Prepare_NoneOfAPictureOfTheInputsSize_GivesItsBytesDividedBy255() =>
        Cases.Sample(
            item =>
            {
                StoredImage image = Pictures.Noise(item.Seed, item.Input.Height, item.Input.Width, item.Input.Channels);
                float[] expected = [.. image.Pixels.ToArray().Select(level => level / 255f)];
                Assert.Equal(expected, Pictures.Train(AugmentationOptions.None, item.Input, [image]));
                Assert.Equal(expected, Pictures.View(item.Input, image));
                // The same by way of the sampler, which a mirroring brings in: not a bit apart.
                float[] twice = Pictures.Train(new() { Flip = new(1, 1) }, item.Input, [image]);
                Assert.Equal(expected.Chunk(item.Input.Channels).Reverse().SelectMany(pixel => pixel), twice);
            },
            iter: 300,
            threads: 1);

    private static Gen<T?> Maybe<T>(Gen<T> gen)
        where T : class => Gen.Select(Gen.Bool, gen, (given, value) => given ? value : null);
}
