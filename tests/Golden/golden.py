"""What the generator scripts share: seeded float32-exact inputs, layout conversions and the file writer."""

import json
import os
import zlib

import numpy as np
import torch

FOLDER = os.path.dirname(os.path.abspath(__file__))

torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)  # one order of summation: the same bits on every run


def random(name, *shape, scale=1.0):
    """Normal numbers rounded to float32, so that a float32 kernel starts from exactly the same values.

    The seed comes from the name alone: adding a case leaves the others as they were.
    """
    generator = np.random.default_rng(zlib.crc32(name.encode()))
    values = generator.standard_normal(shape) * scale
    return torch.from_numpy(values.astype(np.float32).astype(np.float64))


def nchw_to_nhwc(tensor):
    return tensor.detach().permute(0, 2, 3, 1).contiguous()


def nhwc_to_nchw(tensor):
    return tensor.detach().permute(0, 3, 1, 2).contiguous()


def oihw_to_ohwi(tensor):
    return tensor.detach().permute(0, 2, 3, 1).contiguous()


def ohwi_to_oihw(tensor):
    return tensor.detach().permute(0, 3, 1, 2).contiguous()


def case(name, attributes, arrays):
    return {"name": name, "attributes": attributes, "arrays": arrays}


def write(kernel, script, cases):
    """Writes <kernel>.json: one line an attribute list and one line an array, so that a diff shows what changed."""
    lines = ["{", f'"kernel": {json.dumps(kernel)},', f'"madeBy": {json.dumps(os.path.basename(script))},', '"cases": [']
    for index, item in enumerate(cases):
        lines.append(f'{{"name": {json.dumps(item["name"])},')
        lines.append(f'"attributes": {json.dumps(item["attributes"])},')
        lines.append('"arrays": {')
        arrays = [f"{json.dumps(key)}: {_array(value)}" for key, value in item["arrays"].items()]
        lines.append(",\n".join(arrays))
        lines.append("}}," if index + 1 < len(cases) else "}}")
    lines += ["]", "}"]
    path = os.path.join(FOLDER, kernel + ".json")
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        file.write("\n".join(lines) + "\n")
    print(f"{kernel}.json: {len(cases)} cases, {os.path.getsize(path):,} bytes")


class BinaryFile:
    """Collects float32 arrays for one little-endian .bin file; add() returns what the JSON file says of each."""

    def __init__(self, name):
        self.name = name
        self.bytes = bytearray()

    def add(self, tensor):
        values = np.ascontiguousarray(tensor.detach().numpy().astype("<f4"))
        entry = {"shape": list(values.shape), "file": self.name, "type": "float32", "offset": len(self.bytes)}
        self.bytes += values.tobytes()
        return entry

    def save(self):
        with open(os.path.join(FOLDER, self.name), "wb") as file:
            file.write(self.bytes)
        print(f"{self.name}: {len(self.bytes):,} bytes")


def _array(value):
    if isinstance(value, dict):
        return json.dumps(value)
    values = value.detach().numpy() if isinstance(value, torch.Tensor) else np.asarray(value)
    # Python writes the shortest decimal that reads back as the same float64 (17 significant digits at most).
    return json.dumps({"shape": list(values.shape), "data": values.reshape(-1).tolist()}, separators=(", ", ": "), allow_nan=False)
