"""gemm.json: c = op(a) . op(b), row-major, every combination of transposes."""

import golden


def make(name, m, n, k, transpose_a, transpose_b):
    a = golden.random(name + ".a", *((k, m) if transpose_a else (m, k)))
    b = golden.random(name + ".b", *((n, k) if transpose_b else (k, n)))
    c = (a.T if transpose_a else a) @ (b.T if transpose_b else b)
    attributes = {"m": m, "n": n, "k": k, "transposeA": transpose_a, "transposeB": transpose_b}
    return golden.case(name, attributes, {"a": a, "b": b, "c": c})


cases = []
for m, n, k in [(1, 1, 1), (3, 5, 4), (7, 17, 9), (1, 19, 6), (13, 1, 8)]:
    for transpose_a in (False, True):
        for transpose_b in (False, True):
            name = f"{m}x{n}x{k}_{'t' if transpose_a else 'n'}{'t' if transpose_b else 'n'}"
            cases.append(make(name, m, n, k, transpose_a, transpose_b))

golden.write("gemm", __file__, cases)
