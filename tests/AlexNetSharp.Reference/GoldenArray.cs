namespace AlexNetSharp.Reference;

/// <summary>An array of a golden case: its values in row-major order, in our layouts (NHWC, OHWI, dense [inputs, outputs]).</summary>
public sealed record GoldenArray(int[] Shape, double[] Values);
