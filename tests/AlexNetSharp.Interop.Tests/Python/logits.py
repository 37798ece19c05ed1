"""Reads an alexnet-mnist of this software with json and numpy alone, and prints its logits for the pictures in a file of bytes, 784 each."""
import json
import sys
import numpy as np

raw = open(sys.argv[1], "rb").read()
start = 8 + int.from_bytes(raw[:8], "little")
header = json.loads(raw[8:start])
types = {"F32": np.float32, "F16": np.float16}
w = {n: np.frombuffer(raw[start + t["data_offsets"][0]:start + t["data_offsets"][1]], types[t["dtype"]]).reshape(t["shape"]).astype(np.float64)
     for n, t in header.items() if n != "__metadata__"}
x = np.frombuffer(open(sys.argv[2], "rb").read(), np.uint8).reshape(-1, 1, 28, 28) / 255.0
for i in "123":
    patches = np.lib.stride_tricks.sliding_window_view(np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1))), (3, 3), axis=(2, 3))
    x = np.maximum(np.einsum("ncyxij,ocij->noyx", patches, w[f"conv{i}.weight"]) + w[f"conv{i}.bias"][:, None, None], 0)
    x = np.pad(x, ((0, 0), (0, 0), (0, x.shape[2] % 2), (0, x.shape[3] % 2)))  # after a ReLU a zero never wins
    x = x.reshape(*x.shape[:2], x.shape[2] // 2, 2, x.shape[3] // 2, 2).max(axis=(3, 5))
    squares = np.pad(x * x, ((0, 0), (4, 4), (0, 0), (0, 0)))
    x = x * (1 + 0.001 / 9 * sum(squares[:, k:k + x.shape[1]] for k in range(9))) ** -0.75
x = x.reshape(len(x), -1)
for i in "123":
    x = x @ w[f"fc{i}.weight"].T + w[f"fc{i}.bias"]
    x = np.maximum(x, 0) if i != "3" else x
print(json.dumps(x.tolist()))
