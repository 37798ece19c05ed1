using AlexNetSharp.Kernels.Tests.Support;
using AlexNetSharp.Reference;

namespace AlexNetSharp.Kernels.Tests.Twins;

/// <summary>The twins themselves against PyTorch in float64: what the kernels are measured by must be right first.</summary>
public sealed class TwinGoldenTests
{
    public static TheoryData<string> GemmCases => Golden.Names("gemm");

    public static TheoryData<string> ConvolutionCases => Golden.Names("conv2d");

    public static TheoryData<string> ActivationCases => Golden.Names("activation");

    public static TheoryData<string> PoolingCases => Golden.Names("maxpool2d");

    public static TheoryData<string> AveragePoolingCases => Golden.Names("adaptive_avgpool2d");

    public static TheoryData<string> LrnCases => Golden.Names("lrn");

    public static TheoryData<string> DropoutCases => Golden.Names("dropout");

    public static TheoryData<string> DenseCases => Golden.Names("dense");

    public static TheoryData<string> SoftmaxCases => Golden.Names("softmax_cross_entropy");

    public static TheoryData<string> AdamCases => Golden.Names("adam");

    public static TheoryData<string> SgdCases => Golden.Names("sgd");

    public static TheoryData<string> PhiloxCases => Golden.Names("philox");

    [Theory]
    [MemberData(nameof(GemmCases))]
    public void Gemm_GoldenCase_Agrees(string name)
    {
        GoldenCase g = Golden.Case("gemm", name);
        Agree(g, "c", ReferenceGemm.Multiply(
            g.Get<int>("m"), g.Get<int>("n"), g.Get<int>("k"), g.Array("a"), g.Get<bool>("transposeA"), g.Array("b"), g.Get<bool>("transposeB")));
    }

    [Theory]
    [MemberData(nameof(ConvolutionCases))]
    public void Convolution_GoldenCase_Agrees(string name)
    {
        GoldenCase g = Golden.Case("conv2d", name);
        ReferenceConvolutionShape s = ReferenceConvolutionShape.From(g);
        (double[] x, double[] w, double[] dy) = (g.Array("input"), g.Array("weights"), g.Array("dOutput"));
        Assert.Equal((g.Get<int>("outputHeight"), g.Get<int>("outputWidth")), (s.OutputHeight, s.OutputWidth));
        Agree(g, "output", ReferenceConvolution2D.Forward(x, w, g.Array("bias"), s));
        Agree(g, "dInput", ReferenceConvolution2D.DataGradient(dy, w, s));
        Agree(g, "dWeights", ReferenceConvolution2D.WeightGradient(x, dy, s));
        Agree(g, "dBias", ReferenceConvolution2D.BiasGradient(dy, s));
    }

    [Theory]
    [MemberData(nameof(ActivationCases))]
    public void Activation_GoldenCase_Agrees(string name)
    {
        GoldenCase g = Golden.Case("activation", name);
        (double[] x, double[] y, double[] dy) = (g.Array("input"), g.Array("output"), g.Array("dOutput"));
        (double[] output, double[] dInput) = g.Get<string>("kind") switch
        {
            "relu" => (ReferenceActivation.ReluForward(x), ReferenceActivation.ReluBackward(y, dy)),
            "tanh" => (ReferenceActivation.TanhForward(x), ReferenceActivation.TanhBackward(y, dy)),
            _ => (ReferenceActivation.SigmoidForward(x), ReferenceActivation.SigmoidBackward(y, dy)),
        };
        Agree(g, "output", output);
        Agree(g, "dInput", dInput);
    }

    [Theory]
    [MemberData(nameof(PoolingCases))]
    public void Pooling_GoldenCase_Agrees(string name)
    {
        GoldenCase g = Golden.Case("maxpool2d", name);
        ReferencePoolShape s = ReferencePoolShape.From(g);
        Assert.Equal((g.Get<int>("outputHeight"), g.Get<int>("outputWidth")), (s.OutputHeight, s.OutputWidth));
        (double[] output, int[] argmax) = ReferenceMaxPool2D.Forward(g.Array("input"), s);
        Agree(g, "output", output);
        Assert.Equal(g.Integers("argmax"), argmax);
        Agree(g, "dInput", ReferenceMaxPool2D.Backward(g.Array("dOutput"), argmax, s));
    }

    [Theory]
    [MemberData(nameof(AveragePoolingCases))]
    public void AveragePooling_GoldenCase_Agrees(string name)
    {
        GoldenCase g = Golden.Case("adaptive_avgpool2d", name);
        ReferenceAdaptivePoolShape s = ReferenceAdaptivePoolShape.From(g);
        Agree(g, "output", ReferenceAdaptiveAveragePool2D.Forward(g.Array("input"), s));
        Agree(g, "dInput", ReferenceAdaptiveAveragePool2D.Backward(g.Array("dOutput"), s));
    }

    [Theory]
    [MemberData(nameof(LrnCases))]
    public void Lrn_GoldenCase_Agrees(string name)
    {
        GoldenCase g = Golden.Case("lrn", name);
        (int channels, int radius) = (g.Get<int>("channels"), g.Get<int>("radius"));
        (double bias, double alpha, double beta) = (g.Get<double>("bias"), g.Get<double>("alpha"), g.Get<double>("beta"));
        Agree(g, "output", ReferenceLocalResponseNormalization.Forward(g.Array("input"), channels, radius, bias, alpha, beta));
        Agree(g, "dInput", ReferenceLocalResponseNormalization.Backward(g.Array("input"), g.Array("dOutput"), channels, radius, bias, alpha, beta));
        Assert.Equal(g.Get<double>("averagedAlpha"), alpha * g.Get<int>("size"), 1e-15);
    }

    [Theory]
    [MemberData(nameof(DropoutCases))]
    public void Dropout_GoldenCase_Agrees(string name)
    {
        GoldenCase g = Golden.Case("dropout", name);
        Agree(g, "output", ReferenceDropout.Apply(g.Array("input"), g.Mask("mask"), g.Get<double>("keep")));
        Agree(g, "dInput", ReferenceDropout.Apply(g.Array("dOutput"), g.Mask("mask"), g.Get<double>("keep")));
    }

    [Theory]
    [MemberData(nameof(DenseCases))]
    public void Dense_GoldenCase_Agrees(string name)
    {
        GoldenCase g = Golden.Case("dense", name);
        (int rows, int inputs, int outputs) = (g.Get<int>("rows"), g.Get<int>("inputs"), g.Get<int>("outputs"));
        (double[] x, double[] w, double[] dy) = (g.Array("input"), g.Array("weights"), g.Array("dOutput"));
        Agree(g, "output", ReferenceDense.Forward(x, w, g.Array("bias"), rows, inputs, outputs));
        Agree(g, "dInput", ReferenceDense.DataGradient(dy, w, rows, inputs, outputs));
        Agree(g, "dWeights", ReferenceDense.WeightGradient(x, dy, rows, inputs, outputs));
        Agree(g, "dBias", ReferenceDense.BiasGradient(dy, rows, outputs));
    }

    [Theory]
    [MemberData(nameof(SoftmaxCases))]
    public void SoftmaxCrossEntropy_GoldenCase_Agrees(string name)
    {
        GoldenCase g = Golden.Case("softmax_cross_entropy", name);
        (int[] labels, int classes) = (g.Integers("labels"), g.Get<int>("classes"));
        (double[] losses, double[] probabilities) = ReferenceSoftmaxCrossEntropy.Forward(g.Array("logits"), labels, classes);
        Agree(g, "losses", losses);
        Agree(g, "probabilities", probabilities);
        Agree(g, "dLogits", ReferenceSoftmaxCrossEntropy.Gradient(probabilities, labels, classes));
        Assert.Equal(g.Get<double>("meanLoss"), losses.Average(), Tolerances.TwinAgainstGolden * Math.Max(1, losses.Max()));
    }

    [Theory]
    [MemberData(nameof(AdamCases))]
    public void Adam_GoldenCase_AgreesOverItsSteps(string name)
    {
        GoldenCase g = Golden.Case("adam", name);
        (int length, int steps) = (g.Get<int>("length"), g.Get<int>("steps"));
        double[] w = g.Array("initialWeights"), m = new double[length], v = new double[length], gradients = g.Array("gradients"), history = new double[steps * length];
        (double rate, double beta1, double beta2, double epsilon) = (g.Get<double>("learningRate"), g.Get<double>("beta1"), g.Get<double>("beta2"), g.Get<double>("epsilon"));
        for (int t = 1; t <= steps; t++)
        {
            double[] gradient = gradients[((t - 1) * length)..(t * length)];
            ReferenceAdam.AdamWUpdate(w, gradient, m, v, t, rate, beta1, beta2, epsilon, g.Get<double>("weightDecay"), g.Get<string>("form") == "tensorflow");
            w.CopyTo(history, (t - 1) * length);
        }
        Agree(g, "weights", history);
        Agree(g, "finalFirstMoment", m);
        Agree(g, "finalSecondMoment", v);
    }

    [Theory]
    [MemberData(nameof(SgdCases))]
    public void Sgd_GoldenCase_AgreesOverItsSteps(string name)
    {
        GoldenCase g = Golden.Case("sgd", name);
        (int length, int steps) = (g.Get<int>("length"), g.Get<int>("steps"));
        double[] w = g.Array("initialWeights"), v = new double[length], gradients = g.Array("gradients"), rates = g.Array("learningRates"), history = new double[steps * length];
        for (int t = 0; t < steps; t++)
        {
            double[] gradient = gradients[(t * length)..((t + 1) * length)];
            if (g.Get<bool>("nesterov"))
                ReferenceSgd.PyTorchNesterovUpdate(w, gradient, v, rates[t], g.Get<double>("momentum"), g.Get<double>("weightDecay"));
            else if (g.Get<string>("form") == "pytorch")
                ReferenceSgd.PyTorchUpdate(w, gradient, v, rates[t], g.Get<double>("momentum"), g.Get<double>("weightDecay"));
            else
                ReferenceSgd.Krizhevsky2012Update(w, gradient, v, rates[t], g.Get<double>("momentum"), g.Get<double>("weightDecay"));
            w.CopyTo(history, t * length);
        }
        Agree(g, "weights", history);
    }

    [Theory]
    [MemberData(nameof(PhiloxCases))]
    public void Philox_GoldenCase_IsTheSame(string name)
    {
        GoldenCase g = Golden.Case("philox", name);
        uint[] counter = Array.ConvertAll(g.Array("counter"), word => (uint)word), key = Array.ConvertAll(g.Array("key"), word => (uint)word);
        uint[] words = ReferencePhilox.Generate(counter[0], counter[1], counter[2], counter[3], key[0], key[1]);
        Assert.Equal(g.Array("output"), Array.ConvertAll(words, word => (double)word));
    }

    private static void Agree(GoldenCase golden, string array, double[] actual) =>
        Assert.True(RelativeError.OfLargest(golden.Array(array), actual) <= Tolerances.TwinAgainstGolden, $"{golden}: {array}");
}
