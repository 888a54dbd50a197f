"""V-Nets: residual stages, strided convolutions down, transposed convolutions up (Milletari 2016; the paper's family).

A stem of stride 2 keeps a pass affordable on two cores; what it loses in sharpness the CT itself gives back, since the
network only has to say which bone a voxel belongs to.
"""
import torch
from torch import nn


class Residual(nn.Module):
    """`convolutions` times convolution, normalisation, PReLU, added to the input."""

    def __init__(self, channels, convolutions):
        super().__init__()
        layers = []
        for _ in range(convolutions):
            layers += [
                nn.Conv3d(channels, channels, 3, padding=1, bias=False),
                nn.BatchNorm3d(channels, momentum=0.03),
                nn.PReLU(channels),
            ]
        self.body = nn.Sequential(*layers)

    def forward(self, x):
        return x + self.body(x)


def halve(channels_in, channels_out):
    return nn.Sequential(
        nn.Conv3d(channels_in, channels_out, 2, stride=2, bias=False),
        nn.BatchNorm3d(channels_out, momentum=0.03),
        nn.PReLU(channels_out),
    )


class VNet(nn.Module):
    """Input [batch, 1, z, y, x], each side a multiple of 2 ** len(depths); output logits [batch, classes, z, y, x]."""

    def __init__(self, classes, base, depths=(1, 2, 2, 2)):
        super().__init__()
        channels = base
        self.stem = halve(1, channels)
        self.encoders = nn.ModuleList()
        self.downs = nn.ModuleList()
        for level, depth in enumerate(depths):
            self.encoders.append(Residual(channels, depth))
            if level < len(depths) - 1:
                self.downs.append(halve(channels, 2 * channels))
                channels *= 2
        self.ups = nn.ModuleList()
        self.joins = nn.ModuleList()
        self.decoders = nn.ModuleList()
        for depth in reversed(depths[:-1]):
            self.ups.append(nn.ConvTranspose3d(channels, channels // 2, 2, stride=2))
            self.joins.append(nn.Conv3d(channels, channels // 2, 1))
            channels //= 2
            self.decoders.append(Residual(channels, depth))
        self.head = nn.Sequential(
            nn.ConvTranspose3d(channels, 8, 2, stride=2), nn.PReLU(8), nn.Conv3d(8, classes, 3, padding=1)
        )

    def forward(self, x):
        x = self.stem(x)
        skips = []
        for level, encoder in enumerate(self.encoders):
            x = encoder(x)
            if level < len(self.downs):
                skips.append(x)
                x = self.downs[level](x)
        for up, join, decoder in zip(self.ups, self.joins, self.decoders):
            x = decoder(join(torch.cat([up(x), skips.pop()], 1)))
        return self.head(x)


def network(task):
    return VNet(classes=3, base=16) if task == "joint" else VNet(classes=5, base=12)
