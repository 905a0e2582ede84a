#!/usr/bin/env python3
"""Differential fuzzing of the engine against HftBacktest.

Makes random markets and scripts, lets the reference answer them, runs `hbt conformance` on the
answers and shrinks what differs. Needs a Python with `hftbacktest==2.4.4` and numpy, and the
directory of `reference_driver.py`:

    python Tools/differential/fuzz.py --runner ".build/release/hbt conformance" --cases 1000 --seed 1

Exits 0 when every case agrees, 1 otherwise; failing vectors, shrunk, stay in --out.
"""
import argparse
import collections
import copy
import json
import os
import pathlib
import random
import shlex
import shutil
import subprocess
import sys

import markets
import reference

RANDOM_ORDER = "reference's random order"


def run_engine(runner, directory):
    """{name: first difference, or None for a pass}"""
    done = subprocess.run(shlex.split(runner) + [str(directory)], capture_output=True, text=True)
    verdicts = {}
    for line in done.stdout.splitlines():
        word, _, rest = line.partition(" ")
        if word == "PASS":
            verdicts[rest.strip()] = None
        elif word in ("FAIL", "SKIP"):
            name, _, why = rest.partition(": ")
            verdicts[name.strip()] = f"{word} {why}"
    if done.returncode not in (0, 1, 2):
        verdicts["(the runner itself)"] = f"exit code {done.returncode}: {done.stderr[-500:]}"
    return verdicts


def verdicts_of(runner, vectors, directory):
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(parents=True)
    for v in vectors:
        (directory / f"{v['name']}.json").write_text(json.dumps(v, separators=(",", ":")))
    return run_engine(runner, directory)


def candidates(case):
    """Smaller cases: without a stretch of steps, of rows, a file border, an asset, a feature."""
    n = len(case["script"])
    size = max(1, n // 2)
    while True:
        for start in range(0, n, size):
            smaller = copy.deepcopy(case)
            del smaller["script"][start:start + size]
            if smaller["script"]:
                yield smaller
        if size == 1:
            break
        size //= 2
    for a, asset in enumerate(case["assets"]):
        if len(asset["data"]) > 1:
            smaller = copy.deepcopy(case)
            smaller["assets"][a]["data"] = [[r for f in asset["data"] for r in f]]
            yield smaller
        for i, rows in enumerate(asset["data"]):
            size = max(1, len(rows) // 2)
            while True:
                for start in range(0, len(rows), size):
                    smaller = copy.deepcopy(case)
                    del smaller["assets"][a]["data"][i][start:start + size]
                    if smaller["assets"][a]["data"][i]:
                        yield smaller
                if size == 1:
                    break
                size //= 2
        for key in ("initial_snapshot", "feed_latency_offset"):
            if asset.get(key):
                smaller = copy.deepcopy(case)
                del smaller["assets"][a][key]
                yield smaller
    if len(case["assets"]) > 1 and not any(s.get("asset") for s in case["script"]):
        smaller = copy.deepcopy(case)
        smaller["assets"] = smaller["assets"][:1]
        smaller["probe_ticks"].pop("1", None)
        yield smaller


def shrink(args, driver, vector):
    """Greedy: the first smaller case that still differs, until none does."""
    directory = pathlib.Path(args.out) / "shrinking"
    best = vector
    for _ in range(60):
        case = {k: v for k, v in best.items() if k not in ("expected", "ignore", "float_tolerance")}
        batch = []
        for i, smaller in enumerate(candidates(case)):
            smaller["name"] = f"{i:04d}"
            batch.append(smaller)
        answered = [v for v in reference.answers(driver, batch) if isinstance(v, dict)]
        verdicts = verdicts_of(args.runner, answered, directory)
        failing = [v for v in answered if verdicts.get(v["name"])]
        if not failing:
            break
        smallest = min(failing, key=lambda v: len(v["script"]) * 3 + sum(len(f) for a in v["assets"] for f in a["data"]))
        best = dict(smallest, name=vector["name"])
    shutil.rmtree(directory, ignore_errors=True)
    return best


def is_luck(args, driver, vector):
    """True when one of many more runs of the reference gives our answer: its order of hash tables."""
    case = {k: v for k, v in vector.items() if k not in ("expected", "ignore", "float_tolerance")}
    tries = [dict(case, name=f"{vector['name']}_{i}") for i in range(24)]
    answered = [v for v in reference.answers(driver, tries, runs=1) if isinstance(v, dict)]
    verdicts = verdicts_of(args.runner, answered, pathlib.Path(args.out) / "luck")
    return any(verdicts.get(v["name"], "") is None for v in answered)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    here = pathlib.Path(__file__).resolve().parent
    parser.add_argument("--driver", default=os.environ.get("HBT_REFERENCE_DRIVER", here.parents[2] / "shared" / "tools"),
                        help="directory of reference_driver.py (default: ../shared/tools)")
    parser.add_argument("--runner", default=".build/release/hbt conformance", help="command that runs vectors")
    parser.add_argument("--cases", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--batch", type=int, default=250)
    parser.add_argument("--out", default="/tmp/hbt-fuzz")
    parser.add_argument("--no-shrink", action="store_true")
    parser.add_argument("--keep", action="store_true", help="keep passing vectors in --out/passed")
    parser.add_argument("--rows", type=int, nargs=2, default=(10, 60), metavar=("MIN", "MAX"))
    parser.add_argument("--steps", type=int, nargs=2, default=(8, 40), metavar=("MIN", "MAX"))
    args = parser.parse_args()
    driver = reference.load(str(args.driver))
    out = pathlib.Path(args.out)
    out.mkdir(parents=True, exist_ok=True)
    tally, dropped, failures = collections.Counter(), collections.Counter(), []
    made = 0
    while made < args.cases:
        count = min(args.batch, args.cases - made)
        batch = []
        for i in range(made, made + count):
            name = f"fuzz_{args.seed}_{i:06d}"
            batch.append(markets.make_case(random.Random(name), name, tuple(args.rows), tuple(args.steps)))
        made += count
        answered = []
        for result in reference.answers(driver, batch):
            if isinstance(result, dict):
                answered.append(result)
            else:
                tally["dropped"] += 1
                dropped[result] += 1
        verdicts = verdicts_of(args.runner, answered, out / "batch")
        if "(the runner itself)" in verdicts:
            print("RUNNER", verdicts["(the runner itself)"])
            failures.append("(the runner itself)")
        for v in answered:
            why = verdicts.get(v["name"], "no verdict")
            if why is None:
                tally["passed"] += 1
                if args.keep:
                    (out / "passed").mkdir(exist_ok=True)
                    shutil.copy(out / "batch" / f"{v['name']}.json", out / "passed")
                continue
            if is_luck(args, driver, v):
                tally[RANDOM_ORDER] += 1
                continue
            tally["failed"] += 1
            failures.append(v["name"])
            if not args.no_shrink and len(failures) <= 5:
                v = shrink(args, driver, v)
                if is_luck(args, driver, v):
                    tally[RANDOM_ORDER] += 1
                    tally["failed"] -= 1
                    failures.pop()
                    continue
                why = verdicts_of(args.runner, [v], out / "one").get(v["name"], "no verdict")
            print(f"DIFFERS {v['name']}: {why} ({len(v['script'])} steps)")
            (out / "failed").mkdir(exist_ok=True)
            (out / "failed" / f"{v['name']}.json").write_text(json.dumps(v, separators=(",", ":")))
        print(f"{made} cases: {dict(tally)}", file=sys.stderr)
    for reason, n in dropped.most_common(12):
        print(f"dropped {n}: {reason}", file=sys.stderr)
    print(f"{tally['passed']} agree, {tally['failed']} differ, {tally['dropped']} dropped, "
          f"{tally[RANDOM_ORDER]} depend on the reference's random order")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
