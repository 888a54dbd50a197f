"""The paper's own V-Net with random weights, to be timed beside negvol's (`negvol bench study --paper FILE`).

    python3 src/main/python/training/paper_network.py --out paper-vnet.onnx

5³ kernels, 16 base channels, stages of 1, 2, 3, 3, 3 convolutions, as in Milletari 2016. One file serves both of the paper's
sizes (160³ for the whole head, 112×144×64 for a joint): its axes are free, multiples of 16.
"""
import argparse

import torch
from torch import nn


class Stage(nn.Module):
    def __init__(self, channels, convolutions):
        super().__init__()
        layers = []
        for _ in range(convolutions):
            layers += [nn.Conv3d(channels, channels, 5, padding=2), nn.BatchNorm3d(channels), nn.PReLU(channels)]
        self.body = nn.Sequential(*layers)

    def forward(self, x):
        return x + self.body(x)


class PaperVNet(nn.Module):
    def __init__(self, base=16, depths=(1, 2, 3, 3, 3), classes=2):
        super().__init__()
        self.stem = nn.Conv3d(1, base, 5, padding=2)
        self.encoders = nn.ModuleList(Stage(base << i, d) for i, d in enumerate(depths))
        self.downs = nn.ModuleList(nn.Conv3d(base << i, base << i + 1, 2, stride=2) for i in range(len(depths) - 1))
        levels = list(reversed(range(len(depths) - 1)))
        self.ups = nn.ModuleList(nn.ConvTranspose3d(base << i + 1, base << i, 2, stride=2) for i in levels)
        self.joins = nn.ModuleList(nn.Conv3d(base << i + 1, base << i, 1) for i in levels)
        self.decoders = nn.ModuleList(Stage(base << i, depths[i]) for i in levels)
        self.head = nn.Conv3d(base, classes, 1)

    def forward(self, x):
        x = self.stem(x)
        skips = []
        for encoder, down in zip(self.encoders, self.downs):
            x = encoder(x)
            skips.append(x)
            x = down(x)
        x = self.encoders[-1](x)
        for up, join, decoder in zip(self.ups, self.joins, self.decoders):
            x = decoder(join(torch.cat([up(x), skips.pop()], 1)))
        return self.head(x)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", required=True)
    torch.manual_seed(1)
    free = {2: "z", 3: "y", 4: "x"}
    torch.onnx.export(
        PaperVNet().eval(),
        torch.zeros(1, 1, 16, 16, 16),
        parser.parse_args().out,
        input_names=["image"],
        output_names=["scores"],
        dynamic_axes={"image": free, "scores": free},
        opset_version=13,
    )
