#!/usr/bin/env python3
"""Recomputes factor values slowly from docs/factors.md and compares them with those of `hbt factors`.

    Tools/factors/judge.py CONFIG.toml DATA.npz VALUES.npz           one table that hbt has written
    Tools/factors/judge.py --all DATA.npz --hbt .build/release/hbt   every node type, several parameters each

Needs Python 3.11 and numpy alone. Exit status: 0 when all values agree to 1e-9, 1 otherwise.
"""

import argparse
import math
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

import numpy as np

import cases
import graph
import nodes
from market import Book, load

RELATIVE = 1e-9
# Scores and differences of equal things are pure rounding: below this they count as equal to 0.
ABSOLUTE = 1e-12


def expected(tables, rows, tick_size, lot_size, wanted, step=None):
    """Values at the times in `wanted`: exchange time, mid and a column for each node."""
    book = Book(tick_size, lot_size)
    slow = graph.Graph(tables, book, step)
    times = rows["local_ts"]
    fields = [rows[name].tolist() for name in ("ev", "local_ts", "px", "qty")]
    ends = np.append(np.flatnonzero(times[1:] != times[:-1]) + 1, len(rows))
    out = np.full((len(wanted), len(slow.columns)), np.nan)
    mids, exchange = np.full(len(wanted), np.nan), np.zeros(len(wanted), np.int64)
    wave = begin = 0
    for i, ns in enumerate(wanted):
        while wave < len(ends) and times[begin] <= ns:
            for k in range(begin, ends[wave]):
                book.apply(*(field[k] for field in fields))
            slow.wave(int(times[begin]))
            begin, wave = ends[wave], wave + 1
        slow.advance(int(ns))
        mids[i], exchange[i] = book.mid, rows["exch_ts"][begin - 1]
        out[i] = [slow.read(slow.all[c], int(ns)) for c in slow.columns]
    return slow.columns, exchange, mids, out


def graph_of(settings):
    """The nodes of either kind of file."""
    if "nodes" in settings:
        return settings["nodes"]
    engine = settings["factor_engine"]
    tables = [{"id": "depth source", "type": "DepthSource"}, {"id": "trade source", "type": "TradeSource"}]
    for factor in engine["factors"]:
        kind = factor["type"].removesuffix("Factor")
        source = "trade source" if kind in graph.TRADES else "depth source"
        if factor.get("enabled", True):
            tables.append({"id": factor["name"], "type": kind, "dependencies": [source], **factor.get("params", {})})
    if combination := dict(engine.get("combination", {})):
        kind = {"linear": "LinearCombine", "nonlinear": "NonlinearCombine"}[combination.pop("type")]
        named = [t["id"] for t in tables if t["id"] in combination["weights"]]
        tables.append({**combination, "id": "combined", "type": kind, "dependencies": named})
    return tables


def difference(name, given, wanted):
    """The largest relative difference of a column, and a line about it when it is too large."""
    both = np.isnan(given) & np.isnan(wanted)
    off = np.abs(given - wanted)
    off[both | (given == wanted)] = 0
    off[np.isnan(off)] = np.inf
    bad = np.flatnonzero(off > RELATIVE * np.abs(wanted) + ABSOLUTE)
    if len(bad) == 0:
        size = np.maximum(np.abs(np.nan_to_num(wanted)), ABSOLUTE / RELATIVE)
        return float(np.max(off / size, initial=0)), None
    i = bad[0]
    return math.inf, f"{name}: {len(bad)} of {len(given)} rows differ, first row {i}: {given[i]!r}, should be {wanted[i]!r}"


def judge(tables, rows, tick_size, lot_size, table, sampling=None):
    """Lines about what differs; empty when nothing does."""
    times = rows["local_ts"]
    given = table["local_ns"]
    faults = []
    step = nodes.span_ns({"every": sampling[sampling.index("--step") + 1]}, "every") if sampling and "--step" in sampling else None
    if sampling and sampling[0] == "--per-event" and not np.array_equal(given, np.unique(times)):
        faults.append("local_ns: not one row a message")
    if sampling and sampling[0] == "--every":
        every = nodes.span_ns({"every": sampling[1]}, "every")
        first = -(-int(times[0]) // every) * every
        if not np.array_equal(given, np.arange(first, int(times[-1]) + 1, every)):
            faults.append("local_ns: not the grid from the first row to the last")
    columns, exchange, mids, values = expected(tables, rows, tick_size, lot_size, given, step)
    if not np.array_equal(exchange, table["exchange_ns"]):
        faults.append("exchange_ns: differs")
    worst = 0.0
    for name, wanted in [("mid", mids)] + [(c, values[:, k]) for k, c in enumerate(columns)]:
        relative, fault = difference(name, np.array(table[name]), wanted)
        worst = max(worst, relative)
        if fault:
            faults.append(fault)
    return worst, len(columns), faults


def check_all(arguments):
    rows = load(arguments.files[0], arguments.rows)
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        data = arguments.files[0]
        if arguments.rows:
            data = str(Path(folder) / "data.npz")
            source = np.load(arguments.files[0], mmap_mode="r" if arguments.files[0].endswith(".npy") else None)
            np.savez(data, data=np.array((source if arguments.files[0].endswith(".npy") else source["data"])[: arguments.rows]))
        for number, (name, tables, sampling) in enumerate(cases.CASES):
            if arguments.only and arguments.only not in name:
                continue
            text = cases.toml(cases.SOURCES + tables, arguments.tick_size, arguments.lot_size, name)
            config, output = Path(folder) / f"{number}.toml", Path(folder) / f"{number}.npz"
            config.write_text(text)
            subprocess.run([arguments.hbt, "factors", config, "--data", data, "-o", output, "--quiet", *sampling], check=True, stdout=subprocess.DEVNULL)
            table = np.load(output)["data"]
            worst, columns, faults = judge(tomllib.loads(text)["nodes"], rows, arguments.tick_size, arguments.lot_size, table, sampling)
            verdict = "differs" if faults else f"equal, largest difference {worst:.1e}"
            print(f"{name:32} {' '.join(sampling):26} {columns:3} columns x {len(table):6} rows: {verdict}", flush=True)
            for fault in faults:
                print("    " + fault, flush=True)
            failed += bool(faults)
    return failed


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+")
    parser.add_argument("--all", action="store_true", help="every case of cases.py")
    parser.add_argument("--only", help="of these, cases with this in their name")
    parser.add_argument("--hbt", default=".build/release/hbt")
    parser.add_argument("--rows", type=int, help="of the data's beginning; all by default")
    parser.add_argument("--tick-size", type=float, default=0.1)
    parser.add_argument("--lot-size", type=float, default=0.001)
    arguments = parser.parse_args()
    if arguments.all:
        sys.exit(1 if check_all(arguments) else 0)
    if len(arguments.files) != 3:
        parser.error("give CONFIG.toml DATA VALUES.npz")
    config, data, values = arguments.files
    settings = tomllib.loads(Path(config).read_text())
    head = settings.get("graph", {})
    tick, lot = head.get("tick_size", arguments.tick_size), head.get("lot_size", arguments.lot_size)
    worst, columns, faults = judge(graph_of(settings), load(data, arguments.rows), tick, lot, np.load(values)["data"])
    for fault in faults:
        print(fault)
    print(f"{columns} columns: {'differ' if faults else f'equal, largest relative difference {worst:.1e}'}")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
