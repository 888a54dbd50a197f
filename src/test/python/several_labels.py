"""Makes src/test/resources/test-models/several-labels.onnx: a network of another shape, order and spacing than negvol's own.

    python3 src/test/python/several_labels.py

One convolution of one voxel tells four classes apart by HU alone: air and soft tissue, mandible (500 to 900 HU), skull
(900 to 1700 HU), teeth (above). Of lines with growing slopes the last one that was crossed is the highest.
"""
import pathlib

import torch

SIZE = (24, 32, 40)
BORDERS_HU = (500, 900, 1700)

conv = torch.nn.Conv3d(1, len(BORDERS_HU) + 1, 1)
offset = 0.0
with torch.no_grad():
    conv.weight.zero_()
    conv.bias.zero_()
    for k, border in enumerate(BORDERS_HU, 1):
        offset -= 0.05 * border
        conv.weight[k] = 0.05 * 1000 * k
        conv.bias[k] = offset
path = pathlib.Path(__file__).parents[1] / "resources" / "test-models" / "several-labels.onnx"
torch.onnx.export(
    conv,
    torch.zeros((1, 1) + SIZE),
    str(path),
    input_names=["image"],
    output_names=["scores"],
    opset_version=13,
)
