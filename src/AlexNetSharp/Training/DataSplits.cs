namespace AlexNetSharp.Training;

/// <summary>A data set as training uses it.</summary>
/// <param name="Name">The name a user asked for, or the folder's.</param>
/// <param name="Training">What the weights are fitted to.</param>
/// <param name="Validation">What choices are made by; never trained on.</param>
/// <param name="Test">What the final figure is taken from; no choice is made by it.</param>
public sealed record DataSplits(string Name, LabeledImages Training, LabeledImages Validation, LabeledImages Test);
