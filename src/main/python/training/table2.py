"""The paper's Table 2 for what was trained: Dice of each bone in the joint's VOI, by system and loss.

    python3 src/main/python/training/table2.py --pool FOLDER/voi --out FOLDER/out

Every joint network below OUT that train.py has made (its checkpoint joint.pt) is run on the held-out samples of the pool; mean and
standard deviation over them, the best mean of all last. The pool must be the one that the networks were trained on: which samples
are held out depends on which there are.
"""
import argparse
import pathlib

import numpy as np
import torch

import data
import nets
import train


def systems(out):
    """System, loss and checkpoint of each joint network."""
    found = []
    for checkpoint in sorted(out.glob("**/joint.pt")):
        system, loss = train.SHIPPED if checkpoint.parent == out else checkpoint.parent.name.split(",")
        found.append((system, loss, checkpoint))
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pool", required=True)
    parser.add_argument("--out", required=True, type=pathlib.Path)
    parser.add_argument("--most", type=int, help="of the held-out samples only so many")
    parser.add_argument("--threads", type=int, default=2)
    a = parser.parse_args()
    torch.set_num_threads(a.threads)
    pool = data.Pool(a.pool, "joint")
    rows = []
    for system, loss, checkpoint in systems(a.out):
        state = torch.load(checkpoint, map_location="cpu")
        net = nets.network("joint", system)
        net.load_state_dict(state["net"])
        dice = train.dice_of(net, pool, a.most)
        rows.append((np.nanmean(dice), system, loss, state["iteration"], dice))
    if not rows:
        parser.error(f"there is no joint.pt below {a.out}")
    print(f"{'system':<16} {'loss':<5} {'iterations':>10} {'samples':>8} {'mandible':>15} {'temporal bone':>15}")
    for _, system, loss, iterations, dice in sorted(rows, key=lambda r: r[0]):
        bones = [f"{np.nanmean(dice[:, c]):.3f} ± {np.nanstd(dice[:, c]):.3f}" for c in range(2)]
        print(f"{system:<16} {loss:<5} {iterations:>10} {len(dice):>8} {bones[0]:>15} {bones[1]:>15}")


if __name__ == "__main__":
    main()
