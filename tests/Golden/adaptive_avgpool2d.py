"""adaptive_avgpool2d.json: torch.nn.functional.adaptive_avg_pool2d."""

import torch.nn.functional as F

import golden


def make(name, batch, height, width, channels, output):
    """output: (height, width)."""
    x = golden.random(name + ".input", batch, height, width, channels)
    x_torch = golden.nhwc_to_nchw(x).requires_grad_()
    y = F.adaptive_avg_pool2d(x_torch, output)
    d_y = golden.random(name + ".dOutput", batch, output[0], output[1], channels)
    y.backward(golden.nhwc_to_nchw(d_y))
    attributes = {
        "batch": batch, "inputHeight": height, "inputWidth": width, "channels": channels,
        "outputHeight": output[0], "outputWidth": output[1],
    }
    return golden.case(name, attributes, {
        "input": x, "output": golden.nchw_to_nhwc(y), "dOutput": d_y, "dInput": golden.nchw_to_nhwc(x_torch.grad),
    })


golden.write("adaptive_avgpool2d", __file__, [
    make("6x6_to_6x6", 1, 6, 6, 3, (6, 6)),
    make("12x6_to_6x3_dividing", 2, 12, 6, 3, (6, 3)),
    make("7x9_to_6x6_overlapping", 2, 7, 9, 3, (6, 6)),
    make("13x5_to_6x4", 1, 13, 5, 2, (6, 4)),
    make("2x3_to_6x6_larger", 1, 2, 3, 3, (6, 6)),
    make("4x5_to_6x7_larger_not_dividing", 1, 4, 5, 2, (6, 7)),
    make("5x7_to_1x1_global", 2, 5, 7, 3, (1, 1)),
    make("1x1_to_3x2", 1, 1, 1, 3, (3, 2)),
])
