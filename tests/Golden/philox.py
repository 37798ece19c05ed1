"""philox.json: Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011).

The first three cases are Random123's known answers (its file kat_vectors); this script checks itself against them first.
"""

import golden

MASK = 0xFFFFFFFF


def philox(counter, key):
    c0, c1, c2, c3 = counter
    k0, k1 = key
    for _ in range(10):
        p0, p1 = 0xD2511F53 * c0, 0xCD9E8D57 * c2
        c0, c1, c2, c3 = (p1 >> 32) ^ c1 ^ k0, p1 & MASK, (p0 >> 32) ^ c3 ^ k1, p0 & MASK
        k0, k1 = (k0 + 0x9E3779B9) & MASK, (k1 + 0xBB67AE85) & MASK
    return [c0, c1, c2, c3]


def make(name, counter, key, known=None):
    output = philox(counter, key)
    assert known is None or output == known, name
    return golden.case(name, {"knownAnswer": known is not None}, {"counter": counter, "key": key, "output": output})


golden.write("philox", __file__, [
    make("zeros", [0] * 4, [0] * 2, [0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8]),
    make("ones", [MASK] * 4, [MASK] * 2, [0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD]),
    make("pi", [0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344], [0xA4093822, 0x299F31D0],
         [0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1]),
    make("counter_1_key_0", [1, 0, 0, 0], [0, 0]),
    make("counter_0_key_1", [0, 0, 0, 0], [1, 0]),
    make("each_word_its_own", [1, 2, 3, 4], [5, 6]),
])
