"""lrn.json: local response normalisation across channels, y = x * (bias + alpha * sum)^-beta.

Two conventions are in use. Krizhevsky et al. 2012 (section 3.3) and TensorFlow multiply the SUM of squares by alpha; torch's
F.local_response_norm, Caffe and ONNX multiply their MEAN over the window of 2 * radius + 1 (the window's full size, also where it is
clipped at the ends). The file's "alpha" is the undivided one, for the sum; "averagedAlpha" = alpha * size is what torch was given.
"""

import torch.nn.functional as F

import golden


def make(name, channels, radius, bias, beta, alpha=None, averaged_alpha=None, scale=1.0, batch=1, height=2, width=3):
    size = 2 * radius + 1
    if averaged_alpha is None:
        averaged_alpha = alpha * size
    else:
        alpha = averaged_alpha / size
    x = golden.random(name + ".input", batch, height, width, channels, scale=scale)
    x_torch = golden.nhwc_to_nchw(x).requires_grad_()
    y = F.local_response_norm(x_torch, size, averaged_alpha, beta, bias)
    d_y = golden.random(name + ".dOutput", batch, height, width, channels)
    y.backward(golden.nhwc_to_nchw(d_y))
    attributes = {
        "batch": batch, "height": height, "width": width, "channels": channels,
        "radius": radius, "bias": bias, "alpha": alpha, "beta": beta, "size": size, "averagedAlpha": averaged_alpha,
    }
    return golden.case(name, attributes, {
        "input": x, "output": golden.nchw_to_nhwc(y), "dOutput": d_y, "dInput": golden.nchw_to_nhwc(x_torch.grad),
    })


# Inputs are scaled so that the sum matters: with N(0, 1) and these small alphas y would hardly differ from x.
golden.write("lrn", __file__, [
    make("alexnet_mnist_16_channels", 16, 4, 1.0, 0.75, alpha=0.001 / 9, scale=50.0),
    make("alexnet_mnist_window_9_channels", 9, 4, 1.0, 0.75, alpha=0.001 / 9, scale=50.0),
    make("alexnet_mnist_fewer_than_window", 3, 4, 1.0, 0.75, alpha=0.001 / 9, scale=50.0),
    make("alexnet_mnist_between_radius_and_window", 6, 4, 1.0, 0.75, alpha=0.001 / 9, scale=50.0),
    make("one_channel", 1, 2, 1.0, 0.75, alpha=0.1),
    make("krizhevsky_2012_sum", 11, 2, 2.0, 0.75, alpha=1e-4, scale=100.0),
    make("torch_alexnet_mean", 11, 2, 2.0, 0.75, averaged_alpha=1e-4, scale=100.0),
    make("caffe_alexnet_mean", 5, 2, 1.0, 0.75, averaged_alpha=1e-4, scale=100.0),
    make("beta_half", 10, 1, 1.5, 0.5, alpha=0.3),
    make("beta_one", 10, 3, 1.0, 1.0, alpha=0.2),
    make("beta_uncommon", 20, 4, 0.7, 0.6180339887, alpha=0.05, height=1),
    make("radius_zero", 4, 0, 1.0, 0.75, alpha=0.5),
    make("batch_3", 17, 2, 1.0, 0.75, alpha=0.1, batch=3, height=1, width=2),
])
