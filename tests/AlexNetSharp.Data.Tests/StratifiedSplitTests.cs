using System.Collections.Immutable;
using CsCheck;

namespace AlexNetSharp.Data.Tests;

public sealed class StratifiedSplitTests
{
    private static readonly Gen<(int[] Sizes, ulong Seed)> Cases = Gen.Select(Gen.Int[0, 60].Array[1, 6], Gen.ULong);

    [Fact]
    public void Divide_AnyClasses_TakesEachPictureOnceAndATenthOfEachClass() => Cases.Sample(each =>
    {
        (string[] names, int[] labels) = Make(each.Sizes);

        ImmutableArray<int>[] parts = StratifiedSplit.Divide(names, labels, each.Sizes.Length, each.Seed, 3);

        Assert.Equal(Enumerable.Range(0, names.Length), parts.SelectMany(part => part).Order());
        for (int label = 0; label < each.Sizes.Length; label++)
        {
            int size = each.Sizes[label], held = size < 3 ? 0 : Math.Max(1, (int)Math.Floor((size / 10.0) + 0.5));
            Assert.Equal([held, held, size - (2 * held)], parts.Select(part => part.Count(place => labels[place] == label)));
        }
    }, iter: 100);

    [Fact]
    public void Divide_OtherOrder_HoldsOutTheSamePictures() => Cases.Sample(each =>
    {
        (string[] names, int[] labels) = Make(each.Sizes);

        ImmutableArray<int>[] forward = StratifiedSplit.Divide(names, labels, each.Sizes.Length, each.Seed, 2);
        ImmutableArray<int>[] backward = StratifiedSplit.Divide([.. names.Reverse()], [.. labels.Reverse()], each.Sizes.Length, each.Seed, 2);

        Assert.Equal(forward[0].Select(place => names[place]).Order(), backward[0].Select(place => names[names.Length - 1 - place]).Order());
    }, iter: 100);

    [Fact]
    public void Divide_OneClassGrows_LeavesTheOthersAsTheyWere() => Cases.Sample(each =>
    {
        int[] grown = [.. each.Sizes];
        grown[0] += 7;
        (string[] names, int[] labels) = Make(each.Sizes);
        (string[] more, int[] moreLabels) = Make(grown);

        string[] before = [.. StratifiedSplit.Divide(names, labels, grown.Length, each.Seed, 2)[0].Where(place => labels[place] > 0).Select(place => names[place])];
        string[] after = [.. StratifiedSplit.Divide(more, moreLabels, grown.Length, each.Seed, 2)[0].Where(place => moreLabels[place] > 0).Select(place => more[place])];

        Assert.Equal(before, after);
    }, iter: 100);

    [Fact]
    public void Divide_SomeSeeds_HoldOutDifferentPictures()
    {
        (string[] names, int[] labels) = Make([50]);

        Assert.Equal(5, Enumerable.Range(0, 5).Select(seed => string.Join(' ', StratifiedSplit.Divide(names, labels, 1, (ulong)seed, 2)[0])).Distinct().Count());
    }

    private static (string[] Names, int[] Labels) Make(int[] sizes)
    {
        (string Name, int Label)[] all = [.. sizes.SelectMany((size, label) => Enumerable.Range(0, size).Select(i => ($"class {label}/{i}.png", label)))];
        return ([.. all.Select(each => each.Name)], [.. all.Select(each => each.Label)]);
    }
}
