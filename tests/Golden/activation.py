"""activation.json: relu, tanh and sigmoid with their gradients."""

import torch

import golden

FUNCTIONS = {"relu": torch.relu, "tanh": torch.tanh, "sigmoid": torch.sigmoid}


def make(kind, count):
    x = golden.random(kind + ".input", count, scale=2.0)
    # Zero, the neighbourhood of zero, and arguments where tanh and sigmoid saturate.
    special = torch.tensor([0.0, 2.0**-20, -(2.0**-20), 9.0, -9.0, 30.0, -30.0, 80.0, -80.0])
    x = torch.cat([special, x]).requires_grad_()
    y = FUNCTIONS[kind](x)
    d_y = golden.random(kind + ".dOutput", x.numel())
    y.backward(d_y)
    return golden.case(kind, {"kind": kind, "length": x.numel()}, {"input": x, "output": y, "dOutput": d_y, "dInput": x.grad})


golden.write("activation", __file__, [make(kind, 58) for kind in FUNCTIONS])
