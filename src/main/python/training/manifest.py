"""Writes the manifest that belongs to an ONNX file of train.py: what negvol needs to know of a network to use it.

    python3 manifest.py joint --onnx OUT/joint.onnx --version 1.0.0 --trained-on "3,000 procedural head phantoms"

The manifest is written next to the ONNX file. Its fields are described in MODELS.md.
"""
import argparse
import hashlib
import json
import pathlib

INTENDED_USE = (
    "Localising and segmenting temporomandibular joints in head CT and CBCT of adults, for research;"
    " not a medical device."
)

TASKS = {
    "localizer": {
        "spacingMm": [2.0, 2.0, 2.0],
        "size": [112, 112, 112],
        "mirrorLeft": False,
        "classes": ["background", "left-mandible", "right-mandible", "left-skull", "right-skull"],
    },
    "joint": {
        "spacingMm": [0.4, 0.4, 0.4],
        "size": [112, 128, 96],
        "mirrorLeft": True,
        "classes": ["background", "mandible", "skull"],
    },
}


def manifest(task, onnx, version, trained_on):
    shape = TASKS[task]
    return {
        "format": 1,
        "task": task,
        "name": f"negvol-{task}",
        "version": version,
        "file": onnx.name,
        "sha256": hashlib.sha256(onnx.read_bytes()).hexdigest(),
        "licence": "Apache-2.0",
        "trainedOn": trained_on,
        "intendedUse": INTENDED_USE,
        "input": {
            "name": "hu",
            "spacingMm": shape["spacingMm"],
            "size": shape["size"],
            "orientation": "SPL",
            "normalisation": {"clip": [-1000, 2500], "subtract": 300, "divide": 600},
            "mirrorLeft": shape["mirrorLeft"],
        },
        "window": "whole",
        "output": {"name": "logits", "activation": "softmax", "classes": shape["classes"]},
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("task", choices=sorted(TASKS))
    parser.add_argument("--onnx", required=True, type=pathlib.Path)
    parser.add_argument("--version", required=True)
    parser.add_argument("--trained-on", required=True)
    a = parser.parse_args()
    text = json.dumps(manifest(a.task, a.onnx, a.version, a.trained_on), indent=2) + "\n"
    a.onnx.with_suffix(".json").write_text(text)


if __name__ == "__main__":
    main()
