using AlexNetSharp.Images;
using AlexNetSharp.Models;

namespace AlexNetSharp.Training;

/// <summary>Brings the classes of data and model together by their names.</summary>
internal static class ClassMapping
{
    /// <summary>For each class of the pictures its place in the model's.</summary>
    /// <exception cref="InvalidModelException">The model lacks one; the message names it.</exception>
    public static int[] Of(ImageSet images, ModelSpec model)
    {
        int[] places = new int[images.ClassNames.Length];
        for (int c = 0; c < places.Length; c++)
        {
            places[c] = model.Classes.IndexOf(images.ClassNames[c]);
            if (places[c] < 0)
            {
                throw new InvalidModelException(
                    $"Data '{images.Name}' has the class '{images.ClassNames[c]}', which model '{model.Name}' does not know (its {model.Classes.Length} classes begin with {string.Join(", ", model.Classes.Take(3).Select(name => $"'{name}'"))}). Choose data with the model's classes, or train a model on these.");
            }
        }
        return places;
    }
}
