"""dropout.json: inverted dropout for a given mask, y = x * mask / keep; the gradient is the same map."""

import torch

import golden


def make(name, length, keep):
    x = golden.random(name + ".input", length).requires_grad_()
    d_y = golden.random(name + ".dOutput", length)
    threshold = torch.distributions.Normal(0.0, 1.0).icdf(torch.tensor(min(keep, 1 - 1e-12)))
    mask = (golden.random(name + ".mask", length) < threshold).to(torch.float64)
    y = x * mask / keep
    y.backward(d_y)
    return golden.case(name, {"keep": keep, "length": length}, {"input": x, "mask": mask, "output": y, "dOutput": d_y, "dInput": x.grad})


golden.write("dropout", __file__, [make("keep_0.8", 67, 0.8), make("keep_0.5", 33, 0.5), make("keep_1", 17, 1.0)])
