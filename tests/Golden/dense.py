"""dense.json: y = x . W + b with W [inputs, outputs] (torch.nn.functional.linear holds its transpose)."""

import torch.nn.functional as F

import golden


def make(name, rows, inputs, outputs):
    x = golden.random(name + ".input", rows, inputs).requires_grad_()
    w = golden.random(name + ".weights", inputs, outputs).requires_grad_()
    b = golden.random(name + ".bias", outputs).requires_grad_()
    y = F.linear(x, w.T, b)
    d_y = golden.random(name + ".dOutput", rows, outputs)
    y.backward(d_y)
    return golden.case(name, {"rows": rows, "inputs": inputs, "outputs": outputs}, {
        "input": x, "weights": w, "bias": b, "output": y, "dOutput": d_y, "dInput": x.grad, "dWeights": w.grad, "dBias": b.grad,
    })


golden.write("dense", __file__, [
    make("1x1x1", 1, 1, 1), make("1x13x7", 1, 13, 7), make("5x9x17", 5, 9, 17), make("8x16x10", 8, 16, 10), make("3x31x2", 3, 31, 2),
])
