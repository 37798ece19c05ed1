using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using AlexNetSharp.Augmentation;
using AlexNetSharp.Tests.Support;
using AlexNetSharp.Training;

namespace AlexNetSharp.Tests.Augmentation;

/// <summary>What docs/augmentation.md says is so.</summary>
public sealed partial class AugmentationPageTests
{
    private static readonly string Page = File.ReadAllText(Repository.File("docs", "augmentation.md"));

    [Fact]
    public void Blocks_OfJson_AreOptionsThatMakeSense()
    {
        string[] blocks = [.. JsonBlock().Matches(Page).Select(match => match.Groups[1].Value)];

        Assert.Equal(2, blocks.Length);
        Assert.All(blocks, block =>
        {
            TrainingOptions options = new TrainingOptions().With(block, "docs/augmentation.md");
            options.Validate();
            Assert.NotEqual(AugmentationOptions.None, options.Augmentation);
        });
    }

    [Fact]
    public void FirstBlock_IsTheRecipeForDigits() =>
        Assert.Equal(
            new AugmentationOptions { Affine = new(RotationDegrees: 15, Shift: 0.1f, MinimalScale: 0.83f, MaximalScale: 1.2f, ShearDegrees: 12), Elastic = new(3.9f, 0.96f) },
            new TrainingOptions().With(JsonBlock().Match(Page).Groups[1].Value, "docs/augmentation.md").Augmentation);

    [Fact]
    public void Table_OfKinds_NamesEveryOption()
    {
        IEnumerable<PropertyInfo> kinds = typeof(AugmentationOptions).GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(kind => kind.Name != nameof(AugmentationOptions.Mixes));

        foreach (PropertyInfo kind in kinds)
        {
            AssertNamed(kind);
            if (kind.PropertyType.IsClass)
                Assert.All(kind.PropertyType.GetProperties(BindingFlags.Public | BindingFlags.Instance), AssertNamed);
        }
        Assert.All(TestTimeAugmentation.All, views => Assert.Contains($"| `{views.Name}` |", Page));
    }

    private static void AssertNamed(PropertyInfo option) => Assert.Contains($"`{JsonNamingPolicy.SnakeCaseLower.ConvertName(option.Name)}`", Page);

    [GeneratedRegex("```json\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex JsonBlock();
}
