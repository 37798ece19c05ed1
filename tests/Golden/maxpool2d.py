"""maxpool2d.json: torch.nn.functional.max_pool2d; argmax is turned into the position in the window, ky * kernelWidth + kx."""

import torch
import torch.nn.functional as F

import golden


def make(name, batch, height, width, channels, kernel, stride, pad=(0, 0, 0, 0), change=lambda x: x):
    """kernel, stride: (height, width); pad: (top, left, bottom, right); change: what is done to the normal numbers."""
    top, left, bottom, right = pad
    x = change(golden.random(name + ".input", batch, height, width, channels))
    x_torch = golden.nhwc_to_nchw(x).requires_grad_()
    padded = F.pad(x_torch, (left, right, top, bottom), value=-torch.inf)  # padding never wins
    y, index = F.max_pool2d(padded, kernel, stride, return_indices=True)  # index: into one padded plane
    d_y = golden.random(name + ".dOutput", batch, y.shape[2], y.shape[3], channels)
    y.backward(golden.nhwc_to_nchw(d_y))
    if top == bottom and left == right:  # torch's own padding must say the same
        assert torch.equal(F.max_pool2d(x_torch, kernel, stride, (top, left)), y)
    window_y = torch.arange(y.shape[2]).reshape(1, 1, -1, 1) * stride[0]
    window_x = torch.arange(y.shape[3]).reshape(1, 1, 1, -1) * stride[1]
    padded_width = width + left + right
    argmax = (index // padded_width - window_y) * kernel[1] + (index % padded_width - window_x)
    attributes = {
        "batch": batch, "inputHeight": height, "inputWidth": width, "channels": channels,
        "kernelHeight": kernel[0], "kernelWidth": kernel[1], "strideHeight": stride[0], "strideWidth": stride[1],
        "padTop": top, "padLeft": left, "padBottom": bottom, "padRight": right,
        "outputHeight": y.shape[2], "outputWidth": y.shape[3],
    }
    return golden.case(name, attributes, {
        "input": x, "output": golden.nchw_to_nhwc(y), "argmax": golden.nchw_to_nhwc(argmax),
        "dOutput": d_y, "dInput": golden.nchw_to_nhwc(x_torch.grad),
    })


golden.write("maxpool2d", __file__, [
    make("2x2_stride2", 2, 6, 4, 3, (2, 2), (2, 2)),
    make("2x2_stride2_same_odd", 2, 7, 7, 3, (2, 2), (2, 2), pad=(0, 0, 1, 1)),
    make("2x2_stride2_same_odd_negative", 1, 5, 7, 2, (2, 2), (2, 2), pad=(0, 0, 1, 1), change=lambda x: -x.abs()),
    make("2x2_stride2_last_column_unused", 1, 4, 5, 2, (2, 2), (2, 2)),
    make("3x3_stride2_overlapping", 2, 7, 9, 3, (3, 3), (2, 2)),
    make("3x3_stride2_pad1", 1, 7, 8, 3, (3, 3), (2, 2), pad=(1, 1, 1, 1)),
    make("3x3_stride1_pad1", 1, 5, 5, 2, (3, 3), (1, 1), pad=(1, 1, 1, 1)),
    make("3x2_stride1x2_asymmetric", 1, 5, 6, 2, (3, 2), (1, 2), pad=(1, 0, 0, 1)),
    # The first maximum wins; + 0.0 turns -0.0 into 0.0, which some comparisons tell apart.
    make("3x3_stride2_ties", 1, 9, 9, 2, (3, 3), (2, 2), change=lambda x: x.round().clamp(0, 1) + 0.0),
])
