namespace AlexNetSharp.Training;

/// <summary>A picture that a network classified wrongly.</summary>
/// <param name="Index">Its place in the set that was evaluated.</param>
/// <param name="Label">Its class, an index into the model's.</param>
/// <param name="Given">The class that it was given, an index into the model's.</param>
/// <param name="LabelProbability">The probability that the network gave to its class.</param>
/// <param name="GivenProbability">The probability that it gave to the class it took the picture for.</param>
public sealed record Mistake(int Index, int Label, int Given, float LabelProbability, float GivenProbability);
