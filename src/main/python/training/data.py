"""Phantom samples as written by org.negvol.phantom.PhantomExport, cropped and augmented.

NNNNNN.hu: int16 little endian, NNNNNN.lab: uint8; x fastest, then y, then z.
"""
import pathlib

import numpy as np
import torch
import torch.nn.functional as F

#: z, y, x of what PhantomExport writes, and of what the network sees in training. The joint's VOI of the running
#: system (112, 128, 96) is larger than the crop: the network is convolutional, and smaller crops train faster.
STORED = {"joint": (128, 144, 112), "localizer": (112, 112, 112)}
CROP = {"joint": (96, 112, 80), "localizer": (112, 112, 112)}
VOI = {"joint": (112, 128, 96), "localizer": (112, 112, 112)}

#: HU outside the scan.
AIR = -1024


def normalise(hu):
    """The normalisation written in the manifests: (clip(HU, -1000, 2500) - 300) / 600."""
    return (np.clip(hu, -1000, 2500) - 300.0) / 600.0


class Pool:
    """A folder of samples; every `HOLD_OUT`-th one is held out for validation."""

    HOLD_OUT = 15

    def __init__(self, folder, task):
        self.folder = pathlib.Path(folder)
        self.task = task
        self.rescan()

    def rescan(self):
        names = sorted(p.stem for p in self.folder.glob("*.lab"))
        self.held_out = names[:: self.HOLD_OUT]
        self.training = [n for n in names if n not in set(self.held_out)]

    def load(self, name):
        shape = STORED[self.task]
        hu = np.memmap(self.folder / f"{name}.hu", "<i2", "r", shape=shape)
        labels = np.memmap(self.folder / f"{name}.lab", np.uint8, "r", shape=shape)
        return hu, labels

    def centre_crop(self, name):
        hu, labels = self.load(name)
        box = tuple(
            slice((s - c) // 2, (s - c) // 2 + c) for s, c in zip(STORED[self.task], VOI[self.task])
        )
        return hu[box].astype(np.float32), labels[box].astype(np.int64)

    def draw(self, rng):
        """A random training crop, augmented: normalised [1, 1, z, y, x] and labels [1, z, y, x]."""
        hu, labels = self.load(self.training[rng.integers(len(self.training))])
        low = [int(rng.integers(s - c + 1)) for s, c in zip(STORED[self.task], CROP[self.task])]
        box = tuple(slice(l, l + c) for l, c in zip(low, CROP[self.task]))
        hu = np.array(hu[box], np.float32)
        labels = np.array(labels[box])
        if self.task == "localizer" and rng.random() < 0.5:
            hu, labels = mirrored(hu, labels)
        x = torch.from_numpy(hu)[None, None]
        y = torch.from_numpy(labels)[None]
        if rng.random() < (0.6 if self.task == "joint" else 0.4):
            x, y = warp(x, y, rng)
        x = intensities(x, rng)
        return torch.from_numpy(normalise(x.numpy()).astype(np.float32)), y.long()


def mirrored(hu, labels):
    """Left becomes right: the classes 1/2 and 3/4 change places."""
    swap = np.array([0, 2, 1, 4, 3], np.uint8)
    return np.ascontiguousarray(hu[:, :, ::-1]), swap[labels[:, :, ::-1]]


def warp(x, y, rng):
    """Rotation to 15 degrees, scale 0.85 to 1.18, and an elastic deformation of a few voxels."""
    angles = np.radians(rng.uniform(-15, 15, 3))
    cx, cy, cz = np.cos(angles)
    sx, sy, sz = np.sin(angles)
    rotation = (
        np.array([[1, 0, 0], [0, cx, -sx], [0, sx, cx]])
        @ np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]])
        @ np.array([[cz, -sz, 0], [sz, cz, 0], [0, 0, 1]])
    )
    size = np.array(x.shape[:1:-1], float)  # x, y, z
    scale = np.exp(rng.uniform(-0.165, 0.165, 3)) if rng.random() < 0.5 else np.exp(rng.uniform(-0.165, 0.165))
    # grid_sample works in units of half the box per axis; the rotation is one of millimetres.
    matrix = np.diag(1 / size) @ rotation @ np.diag(size * scale)
    theta = torch.tensor(np.hstack([matrix, np.zeros((3, 1))]), dtype=torch.float32)[None]
    grid = F.affine_grid(theta, list(x.shape), align_corners=False)
    if rng.random() < 0.6:
        knots = torch.tensor(rng.normal(0, 1, (1, 3, 5, 5, 5)), dtype=torch.float32)
        smooth = F.interpolate(knots, size=x.shape[2:], mode="trilinear", align_corners=True)
        reach = torch.tensor(rng.uniform(0, 5) / size * 2, dtype=torch.float32)
        grid = grid + smooth.permute(0, 2, 3, 4, 1) * reach
    x = F.grid_sample(x - AIR, grid, mode="bilinear", align_corners=False, padding_mode="zeros") + AIR
    y = F.grid_sample(y[:, None].float(), grid, mode="nearest", align_corners=False, padding_mode="zeros")
    return x, y[:, 0].to(torch.uint8)


def intensities(x, rng):
    """Grey values of other scanners: scale and shift, gamma of bone, unsharp kernels, blur, noise."""
    outside = x <= AIR
    if rng.random() < 0.5:
        x = x * rng.uniform(0.75, 1.3) + rng.uniform(-120, 120)
    if rng.random() < 0.3:
        bone = torch.clamp(x - 150, min=0)
        x = torch.minimum(x, torch.tensor(150.0)) + 1000 * (bone / 1000) ** rng.uniform(0.75, 1.3)
    if rng.random() < 0.3:
        axis = int(rng.integers(3))
        kernel = [1, 1, 1]
        kernel[axis] = 3
        blurred = F.avg_pool3d(x, kernel, stride=1, padding=[k // 2 for k in kernel], count_include_pad=False)
        # Negative: the overshoot of a sharp bone kernel; positive: a wider point spread.
        x = x + rng.uniform(-1.5, 1.0) * (blurred - x)
    if rng.random() < 0.4:
        sigma = np.exp(rng.uniform(np.log(8), np.log(90)))
        noise = torch.randn(x.shape, generator=torch.Generator().manual_seed(int(rng.integers(1 << 31))))
        x = x + sigma * noise
    return torch.where(outside, torch.tensor(float(AIR)), x)
