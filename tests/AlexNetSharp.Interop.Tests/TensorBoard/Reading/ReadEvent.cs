namespace AlexNetSharp.Interop.Tests.TensorBoard;

/// <summary>An event of a file, as event.proto and summary.proto number its fields.</summary>
internal sealed record ReadEvent(WireMessage Message)
{
    public double WallTime => Message.Double(1);

    public long Step => Message.Integer(2);

    public string Version => Message.Text(3);

    public bool StartsSession => Message.Message(7).Integer(1) == 1;

    public bool HasValue => Message.Has(5);

    public WireMessage Value => Message.Message(5).Message(1);

    public string Tag => Value.Text(1);

    public bool IsScalar => Value.Has(2);

    public float Scalar => Value.Float(2);

    public bool IsImage => Value.Has(4);

    public WireMessage Image => Value.Message(4);

    public bool IsHistogram => Value.Has(5);

    public WireMessage Histogram => Value.Message(5);

    public bool IsText => Plugin == "text";

    public string Plugin => Value.Message(9).Message(1).Text(1);

    public string Text => Value.Message(8).Text(8);
}
