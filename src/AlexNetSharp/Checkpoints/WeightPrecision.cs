namespace AlexNetSharp.Checkpoints;

/// <summary>How the values of a file are stored. In memory they are always float32.</summary>
public enum WeightPrecision
{
    /// <summary>Float32, IEEE single precision: every bit.</summary>
    Full,

    /// <summary>Float16, IEEE half precision, rounded to nearest, ties to even: half the file, 11 significant bits, up to 65,504.</summary>
    Half,
}
