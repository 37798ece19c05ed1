namespace AlexNetSharp.Interop.Onnx;

/// <summary>An operator as it is defined from one version of the operator set on.</summary>
/// <param name="Name">Its name in the specification.</param>
/// <param name="Since">The first operator set with this form.</param>
/// <param name="Inputs">The fewest and the most inputs.</param>
/// <param name="Attributes">The names of all attributes of this form.</param>
/// <param name="Body">Computes it.</param>
internal sealed record OnnxOperator(string Name, int Since, (int Fewest, int Most) Inputs, string[] Attributes, Action<OnnxCall> Body)
{
    /// <summary>Checks the node's inputs and attributes against this form, and computes it.</summary>
    public void Run(OnnxCall call)
    {
        Check(call.Node);
        Body(call);
    }

    /// <summary>Refuses a node with another number of inputs, or with attributes that this form does not have.</summary>
    public void Check(OnnxNode node)
    {
        if (node.Inputs.Count < Inputs.Fewest || node.Inputs.Count > Inputs.Most)
        {
            string expected = Inputs.Fewest == Inputs.Most ? $"{Inputs.Most}"
                : Inputs.Most == int.MaxValue ? $"{Inputs.Fewest} or more"
                : $"{Inputs.Fewest} to {Inputs.Most}";
            throw node.Error($"it has {node.Inputs.Count} inputs; {expected} were expected.");
        }
        if (node.Attributes.Names.FirstOrDefault(name => !Attributes.Contains(name)) is { } unknown)
        {
            string known = Attributes.Length == 0 ? "none" : string.Join(", ", Attributes);
            throw node.Error($"attribute '{unknown}' is not one that {Name} has in this operator set; it has {known}.");
        }
    }
}
