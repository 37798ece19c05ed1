namespace AlexNetSharp.Training;

/// <summary>Reading logits.</summary>
internal static class Prediction
{
    /// <summary>The place of the largest value; the first of equals.</summary>
    public static int Largest(ReadOnlySpan<float> values)
    {
        int largest = 0;
        for (int i = 1; i < values.Length; i++)
        {
            if (values[i] > values[largest])
                largest = i;
        }
        return largest;
    }
}
