#!/usr/bin/env python3
"""Chooses a small set of random cases that together touch everything the generator can make.

    python Tools/differential/choose.py --runner ".build/release/hbt conformance" \\
        --out Tests/HBTCommandsTests/Vectors/fuzz --count 150

Only cases that the reference reproduces to the bit, and on which both engines agree, are taken;
greedily, by what they add (pairs of settings, row kinds, calls, codes and order states).
"""
import argparse
import itertools
import json
import os
import pathlib
import random

import fuzz
import markets
import reference


def features(vector):
    found = set()
    for asset in vector["assets"]:
        settings = [vector["depth"], asset["exchange"], asset["queue_model"]["kind"], asset["latency"]["kind"],
                    asset["asset_type"]["kind"], "fee " + asset["fee"]["kind"]]
        settings += ["snapshot"] if asset.get("initial_snapshot") else []
        settings += ["feed offset"] if asset.get("feed_latency_offset") else []
        settings += ["files %d" % len(asset["data"])]
        if asset["latency"]["kind"] == "constant":
            settings += ["entry %d" % ((asset["latency"]["entry"] > 0) - (asset["latency"]["entry"] < 0)),
                         "response %d" % ((asset["latency"]["response"] > 0) - (asset["latency"]["response"] < 0))]
        found.update(itertools.combinations(sorted(settings), 2))
        for row in itertools.chain(*asset["data"]):
            flags = row[0] >> 28
            found.add(("row", row[0] & 255, flags, vector["depth"]))
            if row[0] & 255 == 3:
                found.add(("clear", str(row[3]) in ("nan", "inf", "-inf"), flags, vector["depth"]))
    found.add(("assets", len(vector["assets"])))
    before = {}
    for step, entry in zip(vector["script"], vector["expected"]["trace"]):
        found.add(("call", step["op"], entry["rc"], step.get("tif"), step.get("type"), step.get("wait")))
        for i, seen in enumerate(entry["assets"]):
            asset = vector["assets"][i]
            for order in seen["orders"]:
                key = (i, order["order_id"])
                state = (order["status"], order["req"])
                if before.get(key) != state:
                    found.add(("state", before.get(key), state, order["side"], order["time_in_force"], order["maker"],
                               asset["exchange"], step["op"] if order["req"] else None))
                before[key] = state
    for fill in vector["expected"]["fills"]:
        asset = vector["assets"][fill["asset"]]
        found.add(("fill", asset["exchange"], asset["queue_model"]["kind"], fill["side"], fill["maker"], fill["status"],
                   asset["fee"]["kind"], asset["asset_type"]["kind"]))
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    here = pathlib.Path(__file__).resolve().parent
    parser.add_argument("--driver", default=os.environ.get("HBT_REFERENCE_DRIVER", here.parents[2] / "shared" / "tools"))
    parser.add_argument("--runner", default=".build/release/hbt conformance")
    parser.add_argument("--out", required=True)
    parser.add_argument("--count", type=int, default=150)
    parser.add_argument("--pool", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=2024)
    args = parser.parse_args()
    driver = reference.load(str(args.driver))
    pool = []
    for start in range(0, args.pool, 250):
        names = [f"fuzz_{args.seed}_{i:06d}" for i in range(start, min(start + 250, args.pool))]
        cases = [markets.make_case(random.Random(n), n, (8, 28), (6, 20)) for n in names]
        # More runs than usual: a vector must not depend on the reference's hash seeds.
        answered = [v for v in reference.answers(driver, cases, runs=12) if isinstance(v, dict)]
        answered = [v for v in answered if "ignore" not in v and "float_tolerance" not in v]
        verdicts = fuzz.verdicts_of(args.runner, answered, pathlib.Path("/tmp/hbt-choose"))
        for v in answered:
            if verdicts.get(v["name"], "") is None:
                text = json.dumps(v, separators=(",", ":"))
                pool.append((features(v), len(text), v["name"], text))
        print(f"{start + len(names)} made, {len(pool)} usable", flush=True)
    covered, chosen, size = set(), [], 0
    while len(chosen) < args.count and pool:
        best = max(pool, key=lambda c: (len(c[0] - covered) / (4000 + c[1]), c[2]))
        pool.remove(best)
        covered |= best[0]
        chosen.append(best)
        size += best[1]
    out = pathlib.Path(args.out)
    out.mkdir(parents=True, exist_ok=True)
    for old in out.glob("fuzz_*.json"):
        old.unlink()
    for _, _, name, text in chosen:
        (out / f"{name}.json").write_text(text + "\n")
    print(f"{len(chosen)} vectors, {size} bytes, {len(covered)} features; {len(set().union(*[c[0] for c in pool]) - covered)} left out")


if __name__ == "__main__":
    main()
