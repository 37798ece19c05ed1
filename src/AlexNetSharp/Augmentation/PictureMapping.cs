using AlexNetSharp.Images;
using AlexNetSharp.Models;

namespace AlexNetSharp.Augmentation;

/// <summary>Where each place of a model's input lies in a stored picture: x' = XX·x + XY·y + X, y' = YX·x + YY·y + Y; pixel i covers i to i + 1.</summary>
internal readonly record struct PictureMapping(double XX, double XY, double X, double YX, double YY, double Y)
{
    /// <summary>Size of the resized picture, of which the input shows a part.</summary>
    public static ImageSize Resized(StoredImage image, FeatureShape input, Preprocessing preprocessing)
    {
        if (preprocessing.Fit == PictureFit.Stretch)
            return new ImageSize(input.Height, input.Width);
        int shorter = preprocessing.ResizeTo == 0 ? Math.Min(input.Height, input.Width) : preprocessing.ResizeTo;
        // The input must be covered, also where it is no square.
        double factor = Math.Max(shorter / (double)Math.Min(image.Height, image.Width), Math.Max(input.Height / (double)image.Height, input.Width / (double)image.Width));
        return new ImageSize((int)Math.Round(image.Height * factor, MidpointRounding.AwayFromZero), (int)Math.Round(image.Width * factor, MidpointRounding.AwayFromZero));
    }

    /// <summary>The input laid over the part of a picture that begins there.</summary>
    public static PictureMapping OfPart(double left, double top, double width, double height, FeatureShape input) =>
        new(width / input.Width, 0, left, 0, height / input.Height, top);

    /// <summary>The input laid over a resized picture, in that picture's pixels.</summary>
    public static PictureMapping OfPlace(StoredImage image, ImageSize resized, int left, int top)
    {
        double x = image.Width / (double)resized.Width, y = image.Height / (double)resized.Height;
        return new PictureMapping(x, 0, left * x, 0, y, top * y);
    }

    /// <summary>The input laid over what an evaluation looks at.</summary>
    public static PictureMapping OfView(StoredImage image, TestView view, FeatureShape input, Preprocessing preprocessing)
    {
        ImageSize resized = Resized(image, input, preprocessing);
        int left = Place(resized.Width - input.Width, view.Column) + view.Right, top = Place(resized.Height - input.Height, view.Row) + view.Down;
        PictureMapping mapping = OfPlace(image, resized, left, top);
        if (view.Degrees != 0 || view.Enlarged != 0)
            mapping = mapping.After(OfAffine(view.Degrees * (Math.PI / 180), 0, 1 + view.Enlarged, 0, 0, input));
        return view.Mirrored ? mapping.After(Mirror(input)) : mapping;
    }

    /// <summary>This mapping after another one, of the input onto itself.</summary>
    public PictureMapping After(PictureMapping first) => new(
        (XX * first.XX) + (XY * first.YX), (XX * first.XY) + (XY * first.YY), (XX * first.X) + (XY * first.Y) + X,
        (YX * first.XX) + (YY * first.YX), (YX * first.XY) + (YY * first.YY), (YX * first.X) + (YY * first.Y) + Y);

    /// <summary>Left and right exchanged.</summary>
    public static PictureMapping Mirror(FeatureShape input) => new(-1, 0, input.Width, 0, 1, 0);

    /// <summary>Top and bottom exchanged.</summary>
    public static PictureMapping VerticalMirror(FeatureShape input) => new(1, 0, 0, 0, -1, input.Height);

    /// <summary>The inverse of: slanted, turned and magnified about the centre, then moved.</summary>
    public static PictureMapping OfAffine(double radians, double slant, double scale, double right, double down, FeatureShape input)
    {
        double c = Math.Cos(radians) / scale, s = Math.Sin(radians) / scale, centerX = input.Width / 2.0, centerY = input.Height / 2.0;
        double xx = c + (slant * -s), xy = s + (slant * c), yx = -s, yy = c;
        return new PictureMapping(
            xx, xy, centerX - (xx * (centerX + right)) - (xy * (centerY + down)),
            yx, yy, centerY - (yx * (centerX + right)) - (yy * (centerY + down)));
    }

    private static int Place(int room, int side) => side < 0 ? 0 : side == 0 ? room / 2 : room;
}
