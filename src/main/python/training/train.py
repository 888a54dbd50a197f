"""Trains one network on phantoms and writes it as ONNX.

    python3 train.py joint     --pool POOL --out OUT --iterations 3000
    python3 train.py localizer --pool POOL --out OUT --iterations 2500
    python3 train.py joint     --pool POOL --out OUT --iterations 3000 --system u-net --loss dice

Resumes from OUT/TASK.pt if it is there; systems and losses other than the shipped ones have a folder OUT/SYSTEM,LOSS of their
own. The learning rate is constant and falls to zero over the last third, so that a
run can be made longer by asking for more iterations; with it batch normalisation is frozen, since a batch of one gives
no statistics to rely on at inference.
"""
import argparse
import hashlib
import json
import pathlib
import time

import numpy as np
import torch
import torch.nn.functional as F

import data
import deploy
import nets

SEED = 20261125
RATE = 1.5e-3
DECAY_FROM = 0.66
#: Weight of voxels beside a border of classes in the cross-entropy.
BORDER_WEIGHT = 3.0
#: Where bone is rarer than this share of the voxels (a whole head), its voxels get an extra weight: else "nothing
#: anywhere" is where training comes to rest.
RARE = 0.02
RARE_WEIGHT = 20.0
#: Voxels added above and below the line of each Dice, so that a class that is absent and not found counts as right.
DICE_FLOOR = 1.0
#: What is minimised: cross-entropy, Dice, or their sum (the paper's D+CE); the last one is what the shipped networks had.
LOSSES = ("ce", "dice", "d+ce")
SHIPPED = ("v-net", "d+ce")


def border(labels):
    """1 where a voxel has a neighbour of another class."""
    found = torch.zeros(labels.shape, dtype=torch.bool)
    for axis in (1, 2, 3):
        n = labels.shape[axis]
        differs = labels.narrow(axis, 0, n - 1) != labels.narrow(axis, 1, n - 1)
        found.narrow(axis, 0, n - 1).logical_or_(differs)
        found.narrow(axis, 1, n - 1).logical_or_(differs)
    return found


def loss_of(logits, labels, loss):
    """Cross-entropy with weighted borders, soft Dice, or both (the paper's D+CE); on the grid of the logits."""
    if logits.shape[2] < labels.shape[1]:
        # Bone is thin at this resolution: a voxel takes the largest class in its block rather than the corner's.
        labels = F.max_pool3d(labels[:, None].float(), 2)[:, 0].long()
    weights = 1 + BORDER_WEIGHT * border(labels).float()
    if labels.float().mean() < RARE:
        weights = weights + RARE_WEIGHT * (labels > 0).float()
    crossed = (F.cross_entropy(logits, labels, reduction="none") * weights).sum() / weights.sum()
    if loss == "ce":
        return crossed
    p = logits.softmax(1)
    dice = 0
    classes = range(1, logits.shape[1])
    for c in classes:
        mine = (labels == c).float()
        dice = dice + (2 * (p[:, c] * mine).sum() + DICE_FLOOR) / (p[:, c].sum() + mine.sum() + DICE_FLOOR)
    missed = 1 - dice / len(classes)
    return missed if loss == "dice" else crossed + missed


@torch.no_grad()
def validate(net, pool, most):
    """Mean Dice of each class over held-out samples."""
    return np.nanmean(dice_of(net, pool, most), 0)


@torch.no_grad()
def dice_of(net, pool, most):
    """Dice of each class, but the background, in each of the first held-out samples; NaN where it is neither there nor found."""
    net.eval()
    net = deploy.deployed(net, pool.task, data.VOI[pool.task])
    scores = []
    for name in pool.held_out[:most]:
        hu, labels = pool.centre_crop(name)
        found = net(torch.from_numpy(data.normalise(hu).astype(np.float32))[None, None]).argmax(1)[0].numpy()
        row = []
        for c in range(1, 3 if pool.task == "joint" else 5):
            a, b = found == c, labels == c
            row.append(np.nan if not b.any() and not a.any() else 2 * (a & b).sum() / (a.sum() + b.sum()))
        scores.append(row)
    return np.array(scores, float)


def export(net, task, path):
    net.eval()
    torch.onnx.export(
        deploy.deployed(net, task, data.VOI[task]),
        torch.zeros((1, 1) + data.VOI[task]),
        str(path),
        input_names=["hu"],
        output_names=["logits"],
        opset_version=13,
    )


def manifest(task, path, phantoms, iterations, dice, system, loss):
    """Writes what the running system must know of the network next to its ONNX file."""
    other = "" if (system, loss) == SHIPPED else f"-{system}-{loss}"
    joint = task == "joint"
    spacing = 0.4 if joint else 2.0
    written = {
        "format": 1,
        "task": task,
        "file": path.name,
        "name": f"negvol-{task}{other}",
        "version": f"{SEED}.{iterations}",
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "licence": "Apache-2.0",
        "trainedOn": f"{phantoms} procedural phantoms (org.negvol.phantom), no patient; {iterations} iterations;"
        f" Dice on held-out phantoms {', '.join(f'{d:.2f}' for d in dice)}",
        "intendedUse": "Research. Tells which bone a voxel belongs to; not for primary diagnosis.",
        "input": {
            "name": "hu",
            "spacingMm": [spacing] * 3,
            "size": list(data.VOI[task]),
            "orientation": "SPL",
            "normalisation": {"clip": [-1000, 2500], "subtract": 300, "divide": 600},
            "mirrorLeft": joint,
        },
        "window": "whole",
        "output": {
            "name": "logits",
            "activation": "softmax",
            "classes": ["background", "mandible", "skull"]
            if joint
            else ["background", "left-mandible", "right-mandible", "left-skull", "right-skull"],
        },
    }
    path.with_suffix(".json").write_text(json.dumps(written, indent=2) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("task", choices=["joint", "localizer"])
    parser.add_argument("--pool", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--system", choices=nets.SYSTEMS, default=SHIPPED[0])
    parser.add_argument("--loss", choices=LOSSES, default=SHIPPED[1])
    parser.add_argument("--iterations", type=int, default=3000)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--validation", type=int, default=10, help="held-out phantoms looked at every 250 iterations")
    a = parser.parse_args()
    torch.set_num_threads(a.threads)
    torch.manual_seed(SEED)
    out = pathlib.Path(a.out)
    if (a.system, a.loss) != SHIPPED:
        out = out / f"{a.system},{a.loss}"
    out.mkdir(parents=True, exist_ok=True)
    pool = data.Pool(a.pool, a.task)
    net = nets.network(a.task, a.system)
    optimiser = torch.optim.AdamW(net.parameters(), RATE, weight_decay=1e-4)
    saved = out / f"{a.task}.pt"
    start = 0
    if saved.exists():
        state = torch.load(saved)
        net.load_state_dict(state["net"])
        optimiser.load_state_dict(state["optimiser"])
        start = state["iteration"]
    parameters = sum(p.numel() for p in net.parameters())
    print(f"{a.task}, {a.system}, {a.loss}: {len(pool.training)} phantoms, {parameters / 1e6:.2f} M parameters, from {start}", flush=True)
    began = time.time()
    mean = None
    for iteration in range(start, a.iterations):
        rng = np.random.default_rng((SEED, iteration))
        done = iteration / a.iterations
        falling = done > DECAY_FROM
        for group in optimiser.param_groups:
            group["lr"] = RATE * (min(1, (iteration + 1) / 50) if not falling else (1 - done) / (1 - DECAY_FROM))
        net.train()
        if falling:
            for module in net.modules():
                if isinstance(module, torch.nn.BatchNorm3d):
                    module.eval()
        x, y = pool.draw(rng)
        loss = loss_of(net(x), y, a.loss)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 5.0)
        optimiser.step()
        mean = loss.item() if mean is None else 0.98 * mean + 0.02 * loss.item()
        n = iteration + 1
        if n % 50 == 0:
            print(f"{n} {time.time() - began:.0f} s loss {mean:.3f}", flush=True)
        if n % 250 == 0 or n == a.iterations:
            dice = validate(net, pool, a.validation)
            print(f"{n} Dice {np.round(dice, 3)}", flush=True)
            torch.save({"net": net.state_dict(), "optimiser": optimiser.state_dict(), "iteration": n}, saved)
            onnx = out / f"{a.task}.onnx"
            export(net, a.task, onnx)
            manifest(a.task, onnx, len(pool.training), n, dice, a.system, a.loss)
            pool.rescan()


if __name__ == "__main__":
    main()
