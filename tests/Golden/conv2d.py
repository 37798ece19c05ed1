"""conv2d.json: torch.nn.functional.conv2d (cross-correlation, as every deep-learning library means it) and its gradients."""

import torch
import torch.nn.functional as F

import golden


def make(name, batch, height, width, channels, filters, kernel, stride=(1, 1), pad=(0, 0, 0, 0), dilation=(1, 1), groups=1):
    """kernel, stride, dilation: (height, width); pad: (top, left, bottom, right)."""
    top, left, bottom, right = pad
    x = golden.random(name + ".input", batch, height, width, channels)
    w = golden.random(name + ".weights", filters, *kernel, channels // groups)
    b = golden.random(name + ".bias", filters)
    x_torch = golden.nhwc_to_nchw(x).requires_grad_()
    w_torch = golden.ohwi_to_oihw(w).requires_grad_()
    b_torch = b.clone().requires_grad_()
    padded = F.pad(x_torch, (left, right, top, bottom))
    y = F.conv2d(padded, w_torch, b_torch, stride, 0, dilation, groups)
    d_y = golden.random(name + ".dOutput", batch, y.shape[2], y.shape[3], filters)
    y.backward(golden.nhwc_to_nchw(d_y))
    if top == bottom and left == right:  # torch's own padding must say the same
        torch.testing.assert_close(F.conv2d(x_torch, w_torch, b_torch, stride, (top, left), dilation, groups), y, rtol=1e-12, atol=1e-12)
    attributes = {
        "batch": batch, "inputHeight": height, "inputWidth": width, "inputChannels": channels, "outputChannels": filters,
        "kernelHeight": kernel[0], "kernelWidth": kernel[1], "strideHeight": stride[0], "strideWidth": stride[1],
        "padTop": top, "padLeft": left, "padBottom": bottom, "padRight": right,
        "dilationHeight": dilation[0], "dilationWidth": dilation[1], "groups": groups,
        "outputHeight": y.shape[2], "outputWidth": y.shape[3],
    }
    return golden.case(name, attributes, {
        "input": x, "weights": w, "bias": b, "output": golden.nchw_to_nhwc(y), "dOutput": d_y,
        "dInput": golden.nchw_to_nhwc(x_torch.grad), "dWeights": golden.oihw_to_ohwi(w_torch.grad), "dBias": b_torch.grad,
    })


golden.write("conv2d", __file__, [
    make("3x3_same", 2, 7, 7, 3, 4, (3, 3), pad=(1, 1, 1, 1)),
    make("3x3_same_one_channel", 1, 6, 6, 1, 2, (3, 3), pad=(1, 1, 1, 1)),
    make("3x3_valid", 1, 6, 5, 2, 3, (3, 3)),
    make("3x3_stride2_last_column_unused", 1, 7, 8, 2, 3, (3, 3), stride=(2, 2)),
    make("5x5_stride2_pad2", 1, 9, 9, 2, 3, (5, 5), stride=(2, 2), pad=(2, 2, 2, 2)),
    make("11x11_stride4_pad2", 1, 19, 23, 2, 2, (11, 11), stride=(4, 4), pad=(2, 2, 2, 2)),
    make("3x3_groups2", 2, 5, 5, 4, 6, (3, 3), pad=(1, 1, 1, 1), groups=2),
    make("3x3_depthwise", 1, 5, 5, 4, 4, (3, 3), pad=(1, 1, 1, 1), groups=4),
    make("3x3_dilation2", 1, 7, 8, 3, 2, (3, 3), pad=(2, 2, 2, 2), dilation=(2, 2)),
    make("3x3_stride2_asymmetric_padding", 2, 6, 5, 2, 3, (3, 3), stride=(2, 2), pad=(0, 1, 2, 1)),
    make("2x2_same_even_kernel", 1, 4, 5, 2, 3, (2, 2), pad=(0, 0, 1, 1)),
    make("1x1", 2, 4, 4, 5, 3, (1, 1)),
    make("1x1_stride2", 1, 5, 5, 3, 2, (1, 1), stride=(2, 2)),
    make("3x5_non_square", 1, 5, 9, 2, 3, (3, 5), stride=(2, 1), pad=(1, 2, 1, 2)),
    make("3x2_everything", 2, 8, 7, 4, 6, (3, 2), stride=(2, 3), pad=(1, 0, 2, 3), dilation=(2, 3), groups=2),
])
