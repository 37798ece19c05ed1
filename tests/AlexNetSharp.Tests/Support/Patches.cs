using AlexNetSharp.Images;
using AlexNetSharp.Models;

namespace AlexNetSharp.Tests.Support;

/// <summary>Pictures of a model's size whose class can be seen from their brightness.</summary>
internal static class Patches
{
    /// <summary>Pictures with these labels.</summary>
    public static LabeledImages Of(ModelSpec model, params int[] labels)
    {
        byte[] pixels = new byte[labels.Length * model.Input.Length];
        for (int i = 0; i < pixels.Length; i++)
            pixels[i] = (byte)((labels[i / model.Input.Length] * 80) + (i * 13 % 61));
        return new LabeledImages("patches", model.Input.Height, model.Input.Width, model.Input.Channels, pixels, labels, model.Classes);
    }

    /// <summary>Pictures to train on, and some to judge by.</summary>
    public static DataSplits Splits(ModelSpec model, int count, int validation = 0)
    {
        LabeledImages all = Of(model, TestModels.Labels(count + validation, model.Classes.Length));
        return new DataSplits("patches", all.Slice(0, count, "patches/train"), all.Slice(count, validation, "patches/validation"), all.Slice(0, 0, "patches/test"));
    }
}
