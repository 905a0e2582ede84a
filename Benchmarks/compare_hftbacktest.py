#!/usr/bin/env python3
"""Times hbt against HftBacktest 2.4.4, interleaved, on the same data, settings and strategy.

    Benchmarks/compare_hftbacktest.py DATA.npz [--rounds 5] [--tick 0.1 --lot 0.001 --roi 40000 80000]

First the records of both are compared, value by value, at every step. Then rounds follow one another in
which everything runs once, and the ratio of each round counts, because machines are noisy:

Both read rows that are not compressed, from the page cache, except where it says "whole process".

- OBI, 1 s and 100 ms: the order-book-imbalance market maker, with the reference's window summed afresh
  at each step, as published, and with running sums (`O(1)`), so that the engine's share can be told from
  the strategy's. Not in the reference's time: numba's compilation, loading the file. In hbt's: opening,
  checking and reading its file or tape.
- bare, 100 ms: wake-ups in which nothing is done.
- whole process: from the file to the records on disk. The reference's time has its loading, not its
  imports and compilation; hbt's is that of its process, from start to exit: `first` with an empty cache
  of tapes, `cached` with the tape of an earlier run. With --hbt also `hbt backtest`, report and all.

HftBacktest is installed into Benchmarks/.venv when this Python has none (or --venv DIR).
"""

import argparse
import json
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
REQUIREMENT = "hftbacktest==2.4.4"
RECORD = [("timestamp", "i8"), ("price", "f8"), ("position", "f8"), ("balance", "f8"), ("fee", "f8"),
          ("num_trades", "i8"), ("trading_volume", "f8"), ("trading_value", "f8")]
REFERENCE, OURS = "hftbacktest-2.4", "none"


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", help="event rows, .npy, or .npz with key data")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--cases", default="obi-1s,obi-100ms,bare,whole", help="which of obi-1s, obi-100ms, bare, whole (default: all)")
    parser.add_argument("--interval-ns", type=int, help="one OBI case at this interval instead of those at 1 s and 100 ms")
    parser.add_argument("--fine-rows", type=int, default=2_000_000, help="rows of the data for the cases at 100 ms (default: %(default)s; 0: all)")
    parser.add_argument("--tick", type=float, default=0.1, help="quote currency")
    parser.add_argument("--lot", type=float, default=0.001, help="base currency")
    parser.add_argument("--roi", type=float, nargs=2, metavar=("LOWER", "UPPER"), help="range of interest; default: 2/3 to 4/3 of the median price")
    parser.add_argument("--depth", type=float, default=0.025, help="share of the mid price")
    parser.add_argument("--window", type=int, default=600, help="steps")
    parser.add_argument("--half-spread", type=float, default=5.0)
    parser.add_argument("--skew", type=float, default=0.5)
    parser.add_argument("--c1", type=float, default=10.0)
    parser.add_argument("--order-value", type=float, default=25_000.0)
    parser.add_argument("--max-value", type=float, default=500_000.0)
    parser.add_argument("--price-rounding", type=float, default=1.0)
    parser.add_argument("--entry-ns", type=int, default=10_000_000)
    parser.add_argument("--response-ns", type=int, default=10_000_000)
    parser.add_argument("--maker-fee", type=float, default=-0.00005)
    parser.add_argument("--taker-fee", type=float, default=0.0007)
    parser.add_argument("--binary", help="replay-bench; built when not given")
    parser.add_argument("--hbt", help="the program hbt; adds `hbt backtest` to the whole processes")
    parser.add_argument("--venv", default=str(HERE / ".venv"), help="virtual environment with HftBacktest; made when it is not there")
    parser.add_argument("--json", help="write the results there, too")
    return parser.parse_args()


def ensure_reference(options):
    """Goes on in a Python that has HftBacktest."""
    try:
        import hftbacktest  # noqa: F401
        return
    except ImportError:
        pass
    python = pathlib.Path(options.venv) / "bin/python"
    if pathlib.Path(sys.prefix).resolve() == pathlib.Path(options.venv).resolve():
        sys.exit(f"{options.venv} has no hftbacktest; delete it and it is made again")
    if not python.exists():
        print(f"installing {REQUIREMENT} into {options.venv}", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", options.venv], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "-q", REQUIREMENT], check=True)
    os.execv(python, [str(python), str(pathlib.Path(__file__).resolve()), *sys.argv[1:]])


def child(command):
    """Output, seconds and peak megabytes of a process."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        began = time.perf_counter()
        process = subprocess.Popen(command, stdout=out, stderr=err)
        peak = Peak(process.pid)
        peak.start()
        process.wait()
        took = time.perf_counter() - began
        peak.join()
        out.seek(0)
        err.seek(0)
        if process.returncode != 0:
            raise RuntimeError(err.read().decode().strip() or f"{command[0]} ended with status {process.returncode}")
        return out.read().decode(), took, peak.megabytes


class Peak(threading.Thread):
    """Watches a process's highest resident memory. The kernel's count for ended children also has the
    memory of this process, from before the child became another program."""

    def __init__(self, pid):
        super().__init__(daemon=True)
        self.pid, self.megabytes = pid, 0.0

    def run(self):
        while True:
            try:
                status = pathlib.Path(f"/proc/{self.pid}/status").read_text()
            except OSError:
                return
            high = re.search(r"VmHWM:\s+(\d+) kB", status)
            if not high:
                return
            name = re.search(r"Name:\s+(.*)", status).group(1)
            if not name.startswith("python"):
                self.megabytes = max(self.megabytes, int(high.group(1)) / 1024)
            time.sleep(0.01)


def replay(case, data, interval_ns, mode, compatibility, cache, **more):
    """One run of replay-bench."""
    settings = {
        "data": data, "mode": mode, "compatibility": compatibility, "interval_ns": interval_ns, "cache": cache, "depth": case.depth,
        "window": case.window, "lower": case.roi[0], "upper": case.roi[1], "tick": case.tick, "lot": case.lot,
        "half_spread": case.half_spread, "skew": case.skew, "c1": case.c1, "order_value": case.order_value,
        "max_value": case.max_value, "price_rounding": case.price_rounding, "entry_ns": case.entry_ns,
        "response_ns": case.response_ns, "maker_fee": case.maker_fee, "taker_fee": case.taker_fee, **more,
    }
    printed, took, peak = child([case.binary, *(f"{key}={value}" for key, value in settings.items())])
    line = json.loads(printed.splitlines()[-1])
    return line["ns_per_row"], took, peak


def settings_file(case, data, interval_ns, compatibility, folder):
    """The same run for `hbt backtest`."""
    path = pathlib.Path(folder) / f"{compatibility}.toml"
    path.write_text(f"""
compatibility = "{compatibility}"
[[asset]]
symbol = "DATA"
data = [{json.dumps(str(pathlib.Path(data).resolve()))}]
tick_size = {case.tick}
lot_size = {case.lot}
contract = {{ kind = "linear", size = 1.0 }}
book = {{ kind = "roi", lower = {case.roi[0]}, upper = {case.roi[1]} }}
latency = {{ kind = "constant", entry = "{case.entry_ns}ns", response = "{case.response_ns}ns" }}
queue = {{ kind = "log_prob2" }}
exchange = "no_partial_fill"
fee = {{ kind = "trading_value", maker = {case.maker_fee:.10f}, taker = {case.taker_fee:.10f} }}
[strategy]
type = "obi_market_making"
interval = "{interval_ns}ns"
looking_depth = {case.depth}
window = {case.window}
half_spread = {case.half_spread}
skew = {case.skew}
c1 = {case.c1}
order_qty_value = {case.order_value}
max_position_value = {case.max_value}
grid_num = 1
grid_interval = {case.tick}
price_rounding = {case.price_rounding}
[record]
at = "step"
""")
    return str(path)


def differences(ours, theirs):
    """Names of the columns that differ anywhere; NaN equals NaN."""
    import numpy as np
    if len(ours) != len(theirs):
        return [f"{len(ours)} records against {len(theirs)}"]
    return [name for name, kind in RECORD if not np.array_equal(ours[name], theirs[name], equal_nan=kind == "f8")]


class Comparison:
    """Rounds of one case: what is measured, by name, and which of it is the reference's."""

    def __init__(self, title, unit):
        self.title, self.unit = title, unit
        self.works, self.references, self.times, self.peaks = [], [], {}, {}

    def add(self, name, work, is_reference=False):
        self.works.append((name, work))
        self.times[name] = []
        if is_reference:
            self.references.append(name)

    def run(self, rounds):
        for _ in range(rounds):
            for name, work in list(self.works):
                try:
                    result = work()
                except RuntimeError as error:
                    print(f"{self.title}, {name}: left out: {error}", file=sys.stderr)
                    self.works = [other for other in self.works if other[0] != name]
                    del self.times[name]
                    continue
                value, peak = result if isinstance(result, tuple) else (result, None)
                self.times[name].append(value)
                self.peaks[name] = max(self.peaks.get(name) or 0, peak or 0)

    def print(self):
        print(f"\n{self.title}; median {self.unit}, ratio of each round to the reference's, median")
        print(f"{'':40} {self.unit:>10} {'spread':>8} {'peak MB':>8}  " + "  ".join(f"{'to ' + name[13:]:>16}" for name in self.references))
        for name, times in self.times.items():
            middle = statistics.median(times)
            spread = (max(times) - min(times)) / 2 / middle
            peak = f"{self.peaks[name]:.0f}" if self.peaks.get(name) else ""
            ratios = [statistics.median(a / b for a, b in zip(self.times[reference], times)) for reference in self.references]
            shown = "" if name in self.references else "  ".join(f"{ratio:15.1f}x" for ratio in ratios)
            print(f"{name:40} {middle:10.2f} {spread:7.0%} {peak:>8}  {shown}")

    def json(self):
        return {"title": self.title, "unit": self.unit, "references": self.references, "times": self.times, "peak_mb": self.peaks}


def check_records(side, rows, case, data, interval_ns, folder):
    """True when hbt's records in compatibility mode equal the reference's in every bit."""
    import numpy as np
    _, theirs = side.market_making(rows, case, interval_ns, False)
    is_equal = True
    for mode in ("rows", "tape"):
        for compatibility in (REFERENCE, OURS):
            try:
                replay(case, data, interval_ns, mode, compatibility, folder, records=f"{folder}/records")
            except RuntimeError as error:
                print(f"records, {interval_ns:>10} ns, {mode:4} {compatibility:16} left out: {error}")
                continue
            wrong = differences(np.fromfile(f"{folder}/records", dtype=RECORD), theirs)
            is_equal &= not wrong or compatibility == OURS
            verdict = f"{len(theirs)} records equal in every bit" if not wrong else "differ in " + ", ".join(wrong)
            print(f"records, {interval_ns:>10} ns, {mode:4} {compatibility:16} {verdict}")
    return is_equal


def imbalance(side, rows, case, data, interval_ns, folder, title):
    result = Comparison(f"{title}, {len(rows):,} rows", "ns a row")
    result.add("HftBacktest, published", lambda: side.market_making(rows, case, interval_ns, False)[0] * 1e9 / len(rows), True)
    for mode in ("rows", "tape"):
        for compatibility in (REFERENCE, OURS):
            result.add(f"hbt {mode} {compatibility}", lambda m=mode, c=compatibility: replay(case, data, interval_ns, m, c, folder)[0])
    result.add("hbt making the tape", lambda: replay(case, data, interval_ns, "build", OURS, folder)[0])
    result.add("HftBacktest, O(1) strategy", lambda: side.market_making(rows, case, interval_ns, True)[0] * 1e9 / len(rows), True)
    return result


def bare(side, rows, case, data, folder):
    interval_ns = 100_000_000
    result = Comparison(f"bare 100 ms, {len(rows):,} rows", "ns a row")
    result.add("HftBacktest, ROI book", lambda: side.bare(rows, case, interval_ns, False) * 1e9 / len(rows), True)
    result.add("hbt rows, dense", lambda: replay(case, data, interval_ns, "bare", OURS, folder)[0])
    result.add("hbt rows, paged", lambda: replay(case, data, interval_ns, "bare", OURS, folder, book="hash")[0])
    result.add("hbt tape", lambda: replay(case, data, interval_ns, "bareTape", OURS, folder)[0])
    result.add("HftBacktest, hash book", lambda: side.bare(rows, case, interval_ns, True) * 1e9 / len(rows), True)
    return result


def whole(side, rows, case, data, folder):
    interval_ns = case.interval_ns or 1_000_000_000
    result = Comparison(f"whole process, OBI {interval_ns / 1e9:g} s, {pathlib.Path(data).name}, {len(rows):,} rows", "seconds")
    result.add("HftBacktest, load and run", lambda: side.whole(data, case, interval_ns), True)

    def ours(mode, compatibility, is_first):
        cache = f"{folder}/whole"
        if is_first:
            shutil.rmtree(cache, ignore_errors=True)
        _, took, peak = replay(case, data, interval_ns, mode, compatibility, cache, records=f"{folder}/records")
        return took, peak

    def product(compatibility, flags, is_first):
        cache = f"{folder}/product"
        if is_first:
            shutil.rmtree(cache, ignore_errors=True)
        flags = [flag.replace("CACHE", cache) for flag in flags]
        settings = settings_file(case, data, interval_ns, compatibility, folder)
        _, took, peak = child([case.hbt, "backtest", settings, "--out", f"{folder}/run", "--force", "--quiet", *flags])
        return took, peak

    for compatibility in (REFERENCE, OURS):
        result.add(f"hbt rows {compatibility}", lambda c=compatibility: ours("rows", c, False))
        result.add(f"hbt tape, first {compatibility}", lambda c=compatibility: ours("tape", c, True))
        result.add(f"hbt tape, cached {compatibility}", lambda c=compatibility: ours("tape", c, False))
    if case.hbt:
        has_cache = "--cache " in subprocess.run([case.hbt, "backtest", "--help"], capture_output=True, text=True).stdout
        for compatibility in (REFERENCE, OURS):
            if has_cache:
                flags = ["--cache", "CACHE"]
                result.add(f"hbt backtest, first {compatibility}", lambda c=compatibility, f=flags: product(c, f, True))
                result.add(f"hbt backtest, cached {compatibility}", lambda c=compatibility, f=flags: product(c, f, False))
            else:
                result.add(f"hbt backtest {compatibility}", lambda c=compatibility: product(c, [], False))
    return result


def main():
    case = arguments()
    ensure_reference(case)
    import numpy as np
    sys.path.insert(0, str(HERE))
    import hftbacktest_side as side

    if not case.binary:
        subprocess.run(["swift", "build", "-c", "release", "--package-path", str(HERE), "--product", "replay-bench"], check=True, stdout=sys.stderr)
        case.binary = str(HERE / ".build/release/replay-bench")
    wanted = case.cases.split(",")
    rows = side.load(case.data)
    if not case.roi:
        middle = float(np.median(rows["px"][rows["px"] > 0]))
        case.roi = [round(middle * share / case.tick / 100) * 100 * case.tick for share in (2 / 3, 4 / 3)]
    print(f"{pathlib.Path(case.data).name}: {len(rows):,} rows; tick {case.tick:g}, lot {case.lot:g}, range of interest {case.roi[0]:g} to {case.roi[1]:g}, "
          f"depth {case.depth:g}, window {case.window}; {case.rounds} rounds")
    # The reference is compiled before anything is timed.
    side.compile_all(rows, case, 1_000_000_000)

    is_equal = True
    results = []
    with tempfile.TemporaryDirectory() as folder:
        market = case.data
        if not market.endswith(".npy"):
            market = f"{folder}/rows.npy"
            np.save(market, rows)
        fine, fine_rows = market, rows
        if case.fine_rows and len(rows) > case.fine_rows:
            fine, fine_rows = f"{folder}/fine.npy", rows[:case.fine_rows]
            np.save(fine, fine_rows)
        if case.interval_ns:
            cases = [("obi-1s", case.interval_ns, rows, market)]
            wanted = [name for name in wanted if name != "obi-100ms"]
        else:
            cases = [("obi-1s", 1_000_000_000, rows, market), ("obi-100ms", 100_000_000, fine_rows, fine)]
        for name, interval_ns, these, path in cases:
            if name in wanted:
                is_equal &= check_records(side, these, case, path, interval_ns, folder)
                results.append(imbalance(side, these, case, path, interval_ns, folder, f"OBI {interval_ns / 1e9:g} s"))
        if "bare" in wanted:
            results.append(bare(side, fine_rows, case, fine, folder))
        if "whole" in wanted:
            results.append(whole(side, rows, case, case.data, folder))
        for result in results:
            result.run(case.rounds)
            result.print()
    if case.json:
        pathlib.Path(case.json).write_text(json.dumps([result.json() for result in results], indent=1) + "\n")
    return 0 if is_equal else 1


if __name__ == "__main__":
    sys.exit(main())
