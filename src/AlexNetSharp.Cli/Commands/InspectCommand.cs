using System.Collections.Immutable;
using System.CommandLine;
using System.Text.Json;
using AlexNetSharp.Augmentation;
using AlexNetSharp.Cli.Reporting;
using AlexNetSharp.Data;
using AlexNetSharp.Execution;
using AlexNetSharp.Inspection;
using AlexNetSharp.Kernels.Losses;
using AlexNetSharp.Kernels.Threading;
using AlexNetSharp.Models;
using Spectre.Console;

namespace AlexNetSharp.Cli.Commands;

/// <summary><c>alexnet inspect</c>.</summary>
internal static class InspectCommand
{
    private const int Top = 3;

    public static Command Create()
    {
        Argument<string> model = CommonOptions.Model("A model's file (.safetensors, .onnx, .pth), or the folder of a run");
        Argument<string?> image = new("IMAGE") { Description = "A PNG, JPEG, BMP, GIF or WebP file of any size; without one only the filters are drawn", Arity = ArgumentArity.ZeroOrOne };
        image.Validators.Add(CommonOptions.RequireNames);
        Option<string?> output = CommonOptions.Text("--out", "Where the pictures go (default: inspect-(the picture's or model's name)); what an earlier inspect wrote there is replaced", "DIR");
        Option<string?> label = CommonOptions.Text("--class", "The class that Grad-CAM and HiResCAM explain (default: the one predicted)", "LABEL");
        // Classes may be called anything.
        label.Validators.Clear();
        Option<bool> raw = new("--raw") { Description = "Do not look for a glyph, where the model was trained on glyphs: no cropping, centring or inverting" };
        Option<int> threads = CommonOptions.Threads();
        Option<bool> json = CommonOptions.Json();
        Command command = new("inspect", "Draw a network's first filters, what each layer makes of a picture, and what in it speaks for a class (Grad-CAM, HiResCAM)")
        {
            model, image, output, label, raw, threads, json,
        };
        command.SetAction(parsed => Run(
            parsed.GetValue(model)!, parsed.GetValue(image), parsed.GetValue(output), parsed.GetValue(label), parsed.GetValue(raw), parsed.GetValue(threads), parsed.GetValue(json)));
        return command;
    }

    private static int Run(string model, string? image, string? output, string? label, bool raw, int threads, bool json)
    {
        if (image is null && (label is not null || raw))
            throw new UsageException($"{(raw ? "--raw" : "--class")} is about a picture; name one after the model.");
        using Network network = ModelArgument.Load(model);
        using ThreadTeam team = new(threads);
        string folder = output ?? $"inspect-{NameOf(image ?? model)}";
        InspectJson result = image is null ? DrawFilters(network, folder) : DrawAll(network, image, folder, label, raw, team);
        if (json)
            Console.WriteLine(JsonSerializer.Serialize(result, JsonForms.Line.InspectJson));
        else
            Write(result);
        return CommandRunner.Done;
    }

    private static InspectJson DrawFilters(Network network, string folder)
    {
        Images.StoredImage filters = FilterPicture.Draw(network);
        return new InspectJson(network.Spec.Name, null, folder, InspectFolder.Create(folder).WriteFilters(filters), null, null, null);
    }

    private static InspectJson DrawAll(Network network, string image, string folder, string? label, bool raw, ThreadTeam team)
    {
        ModelSpec spec = network.Spec;
        int? asked = label is null ? null : FindClass(spec, label);
        using NetworkInspector inspector = new(network, team);
        if (asked is not null && !inspector.HasConvolution)
            throw new InvalidModelException($"Model '{spec.Name}' has no convolution, and so no feature maps that speak for a class; leave --class out.");
        float[] input = Prepare(spec, image, raw, team);
        ImmutableArray<LayerActivation> layers = inspector.Run(input);
        (ClassActivationMap GradCam, ClassActivationMap HiResCam)? maps = inspector.HasConvolution ? (inspector.GradCam(input, asked), inspector.HiResCam(input, asked)) : null;

        InspectFolder pictures = InspectFolder.Create(folder);
        string? filters = inspector.HasConvolution ? pictures.WriteFilters(FilterPicture.Draw(network)) : null;
        InspectedLayerJson[] drawn = [.. layers.Select((layer, i) => new InspectedLayerJson(
            layer.Layer.Layer.Name, layer.Layer.Layer.Kind, SummaryCommand.Sizes(layer.Layer.Output), layer.ShareOfZeros,
            pictures.WriteLayer(FeatureMapPicture.Draw(layer), i + 1, layer.Layer.Layer.Name)))];
        ClassMapsJson? classMaps = maps is not (ClassActivationMap gradCam, ClassActivationMap hiResCam) ? null : new(
            spec.Classes[gradCam.Label], gradCam.Layer, gradCam.Height, gradCam.Width, gradCam.Values.ToArray(), hiResCam.Values.ToArray(),
            pictures.WriteGradCam(HeatOverlay.DrawBesidePicture(spec, input, gradCam, hiResCam)));
        return new InspectJson(spec.Name, image, folder, filters, Likeliest(spec, layers[^1].Values.Span), drawn, classMaps);
    }

    private static float[] Prepare(ModelSpec spec, string image, bool raw, ThreadTeam team)
    {
        if (!File.Exists(image))
            throw new FileNotFoundException($"There is no picture at '{image}'{(Directory.Exists(image) ? ", but a folder" : "")}. Name a PNG, JPEG, BMP, GIF or WebP file.");
        if (spec.Input.Channels is not (1 or 3))
            throw new InvalidModelException($"Model '{spec.Name}' takes {spec.Input.Channels} channels; a picture has 1 (grey) or 3 (RGB). Only its filters can be drawn: leave the picture out.");
        using PicturePreparation preparation = new(spec, team, findsGlyph: !raw);
        float[] input = new float[spec.Input.Length];
        preparation.Prepare(preparation.Read(image), TestView.Center, input);
        return input;
    }

    private static LabelJson[] Likeliest(ModelSpec spec, ReadOnlySpan<float> logits)
    {
        float[] probabilities = new float[logits.Length];
        SoftmaxCrossEntropy.Softmax(logits, probabilities, logits.Length);
        return [.. probabilities.Select((probability, label) => new LabelJson(spec.Classes[label], probability)).OrderByDescending(label => label.Probability).Take(Top)];
    }

    private static int FindClass(ModelSpec spec, string label)
    {
        const int Shown = 20;
        int found = spec.Classes.IndexOf(label);
        if (found < 0)
            throw new UsageException($"--class is '{label}'; model '{spec.Name}' knows {string.Join(", ", spec.Classes.Take(Shown))}{(spec.Classes.Length > Shown ? $" and {spec.Classes.Length - Shown} more" : "")}.");
        return found;
    }

    private static void Write(InspectJson result)
    {
        if (result.Layers is not null)
        {
            Console.WriteLine($"{result.File}: {string.Join(", ", result.Top!.Select(label => $"{label.Label} ({label.Probability:P2})"))}");
            Table table = Tables.Create("Layer", "Kind", "Output", "Zeros", "Picture");
            foreach (InspectedLayerJson layer in result.Layers)
                table.AddRow(Markup.Escape(layer.Name), layer.Kind, string.Join('x', layer.OutputShape), $"{layer.Zeros:P1}", Markup.Escape(Path.Combine(result.Out, layer.Picture)));
            Tables.Write(table);
        }
        if (result.ClassMaps is ClassMapsJson maps)
        {
            string nothing = maps.GradCam.Concat(maps.HiResCam).All(value => value == 0) ? ": nothing does" : "";
            Console.WriteLine($"What speaks for '{maps.Label}', by '{maps.Layer}' ({maps.Height}x{maps.Width}; Grad-CAM, HiResCAM){nothing}: {Path.Combine(result.Out, maps.Picture)}");
        }
        Console.WriteLine(result.Filters is string filters
            ? $"First filters: {Path.Combine(result.Out, filters)}"
            : $"Model '{result.Model}' has no convolution: there are no filters and no Grad-CAM to draw.");
    }

    // A run's folder has a name, the model's file in it always the same one.
    private static string NameOf(string path)
    {
        string name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)));
        return Directory.Exists(path) ? name : Path.GetFileNameWithoutExtension(name);
    }
}
