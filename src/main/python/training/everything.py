"""From nothing to both networks: makes the phantoms, trains, exports ONNX and manifests.

    ./mvnw -q compile
    python3 src/main/python/training/everything.py --work FOLDER

Stops and goes on where it was: samples that are there are kept, training resumes from its checkpoint. The results are
FOLDER/out/joint.{onnx,json} and localizer.{onnx,json}. Needs PyTorch and numpy (Debian: python3-torch), no network.

With --compare the paper's other systems are trained too, each for as many iterations as the shipped joint network, and the paper's
Table 2 is printed at the end.
"""
import argparse
import os
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
PROJECT = HERE.parents[3]

#: Kind of export, first seed, samples and iterations of the embedded networks.
TASKS = {
    "joint": ("voi", 500_000, 377, 1800),
    "localizer": ("coarse", 700_000, 245, 1300),
}

#: System and loss of the joint networks that the shipped one is compared with: the paper's Table 2.
OTHERS = [("u-net", "d+ce"), ("attention-u-net", "d+ce"), ("v-net", "ce"), ("v-net", "dice")]


def java():
    home = os.environ.get("JAVA_HOME")
    return str(pathlib.Path(home, "bin", "java")) if home else "java"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", required=True, type=pathlib.Path, help="folder for samples, checkpoints and results")
    parser.add_argument("--classes", type=pathlib.Path, default=PROJECT / "target" / "classes")
    parser.add_argument("--only", choices=sorted(TASKS))
    parser.add_argument("--compare", action="store_true", help="train the paper's other systems too, print its Table 2")
    parser.add_argument("--samples", type=int, help="other than the embedded networks had")
    parser.add_argument("--iterations", type=int, help="other than the embedded networks had")
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    a = parser.parse_args()
    if not (a.classes / "org" / "negvol" / "phantom" / "PhantomExport.class").is_file():
        sys.exit(f"{a.classes} holds no compiled negvol; run ./mvnw -q compile first")
    for task, (kind, seed, samples, iterations) in TASKS.items():
        if a.only not in (None, task):
            continue
        pool = a.work / kind
        export = ["org.negvol.phantom.PhantomExport", kind, str(seed), "0", str(a.samples or samples), str(pool)]
        subprocess.run([java(), "-Xmx2g", "-cp", str(a.classes), *export], check=True)
        train = [task, "--pool", str(pool), "--out", str(a.work / "out")]
        train += ["--iterations", str(a.iterations or iterations), "--threads", str(a.threads)]
        subprocess.run([sys.executable, str(HERE / "train.py"), *train], check=True)
        if a.compare and task == "joint":
            for system, loss in OTHERS:
                other = ["--system", system, "--loss", loss]
                subprocess.run([sys.executable, str(HERE / "train.py"), *train, *other], check=True)
            table = ["--pool", str(pool), "--out", str(a.work / "out"), "--threads", str(a.threads)]
            subprocess.run([sys.executable, str(HERE / "table2.py"), *table], check=True)


if __name__ == "__main__":
    main()
