"""Times hbt's replay against HftBacktest, interleaved, on the same data and strategy.

    python3 -m venv .venv && .venv/bin/pip install hftbacktest==2.4.4
    .venv/bin/python Benchmarks/compare_hftbacktest.py DATA.npy [--rounds 3] [--interval-ns N] [--depth D] [--window W]

First the records of both are compared, value by value, at every step; then rounds of one run each
follow one another, and the ratio of each round counts, because machines are noisy. Numba's
compilation and the loading of the reference's file are left out of its time; hbt's time includes
opening, checking and reading its file or tape.

The strategy is the order-book-imbalance market maker, written here for the reference from its
description in `ObiMarketMaking.swift`. The reference is timed twice: with the window summed afresh
at each step, as published, and with running sums (`O(1)`), so that the engine's share can be told
from the strategy's.
"""

import argparse
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

import numpy as np
from hftbacktest import BUY, GTX, LIMIT, BacktestAsset, Recorder, ROIVectorMarketDepthBacktest
from numba import njit

HERE = pathlib.Path(__file__).resolve().parent
TICK, LOT, LOWER, UPPER = 0.1, 0.001, 40_000.0, 80_000.0
HALF_SPREAD, SKEW, C1, ORDER_VALUE, MAX_VALUE = 5.0, 0.5, 10.0, 25_000.0, 500_000.0
RECORD = [("timestamp", "i8"), ("price", "f8"), ("position", "f8"), ("balance", "f8"), ("fee", "f8"),
          ("num_trades", "i8"), ("trading_volume", "f8"), ("trading_value", "f8")]


@njit
def side_sums(book, mid, reach, first, last):
    """Quantity on either side within `reach` of the mid price, level by level from the best outward."""
    asks = bids = 0.0
    end = min(int(np.floor(mid * (1 + reach) / book.tick_size)), last)
    for t in range(max(book.best_ask_tick, first), end):
        asks += book.ask_depth[t - first]
    end = max(int(np.ceil(mid * (1 - reach) / book.tick_size)), first)
    for t in range(min(book.best_bid_tick, last), end, -1):
        bids += book.bid_depth[t - first]
    return bids, asks


@njit
def make_market(bt, recorder, interval, reach, window, first, last, steps, has_running_sums):
    seen = np.full(steps, np.nan)
    count = 0
    total = squares = 0.0
    while bt.elapse(interval) == 0:
        bt.clear_inactive_orders(0)
        book = bt.depth(0)
        mid = (book.best_bid + book.best_ask) / 2.0
        bids, asks = side_sums(book, mid, reach, first, last)
        x = bids - asks
        seen[count] = x
        count += 1
        start = max(0, count - window)
        if has_running_sums:
            total += x
            squares += x * x
            if start > 0:
                total -= seen[start - 1]
                squares -= seen[start - 1] * seen[start - 1]
            mean = total / (count - start)
            deviation = np.sqrt(max(squares / (count - start) - mean * mean, 0.0))
        else:
            mean, deviation = np.nanmean(seen[start:count]), np.nanstd(seen[start:count])
        alpha = np.divide(x - mean, deviation)
        size = max(round((ORDER_VALUE / mid) / LOT) * LOT, LOT)
        position = bt.position(0)
        fair = mid + C1 * alpha - SKEW * (position / size)
        bid = np.floor(min(np.round(fair - HALF_SPREAD), book.best_bid) / TICK) * TICK
        ask = np.ceil(max(np.round(fair + HALF_SPREAD), book.best_ask) / TICK) * TICK
        has_bid = position * mid < MAX_VALUE and np.isfinite(bid)
        has_ask = position * mid > -MAX_VALUE and np.isfinite(ask)
        bid_id = np.uint64(round(bid / TICK)) if has_bid else np.uint64(0)
        ask_id = np.uint64(round(ask / TICK)) if has_ask else np.uint64(0)
        orders = bt.orders(0)
        values = orders.values()
        while values.has_next():
            order = values.get()
            wanted = bid_id if order.side == BUY else ask_id
            if order.cancellable and order.order_id != wanted:
                bt.cancel(0, order.order_id, False)
        if has_bid and bid_id not in orders:
            bt.submit_buy_order(0, bid_id, bid, size, GTX, LIMIT, False)
        if has_ask and ask_id not in orders:
            bt.submit_sell_order(0, ask_id, ask, size, GTX, LIMIT, False)
        recorder.record(bt)
    return count


def reference(rows, options, has_running_sums, steps):
    asset = (BacktestAsset().data(rows).linear_asset(1.0).tick_size(TICK).lot_size(LOT)
             .constant_order_latency(10_000_000, 10_000_000).log_prob_queue_model2().no_partial_fill_exchange()
             .trading_value_fee_model(-0.00005, 0.0007).roi_lb(LOWER).roi_ub(UPPER))
    bt = ROIVectorMarketDepthBacktest([asset])
    recorder = Recorder(1, steps)
    began = time.perf_counter()
    count = make_market(bt, recorder.recorder, options.interval_ns, options.depth, options.window,
                        round(LOWER / TICK), round(UPPER / TICK), steps, has_running_sums)
    took = time.perf_counter() - began
    records = recorder.get(0)[:count].copy()
    bt.close()
    return took, records


def hbt(binary, data, options, mode, compatibility, cache, records=None):
    command = [binary, f"data={data}", f"mode={mode}", f"compatibility={compatibility}", f"interval_ns={options.interval_ns}",
               f"depth={options.depth}", f"window={options.window}", f"cache={cache}"]
    if records:
        command.append(f"records={records}")
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(done.stderr.strip())
    return json.loads(done.stdout.splitlines()[-1])


def differences(ours, theirs):
    """Names of the columns that differ anywhere; NaN equals NaN."""
    if len(ours) != len(theirs):
        return [f"{len(ours)} records against {len(theirs)}"]
    return [name for name, _ in RECORD if not np.array_equal(ours[name], theirs[name], equal_nan=name != "timestamp" and name != "num_trades")]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", help="event rows, .npy or .npz with key data")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--interval-ns", type=int, default=1_000_000_000)
    parser.add_argument("--depth", type=float, default=0.025)
    parser.add_argument("--window", type=int, default=600)
    parser.add_argument("--binary", help="replay-bench; built when not given")
    options = parser.parse_args()
    binary = options.binary
    if not binary:
        subprocess.run(["swift", "build", "-c", "release", "--package-path", str(HERE)], check=True)
        binary = str(HERE / ".build/release/replay-bench")
    loaded = np.load(options.data)
    rows = loaded["data"] if options.data.endswith(".npz") else loaded
    span = int(rows["local_ts"].max() - rows["exch_ts"][rows["exch_ts"] > 0].min())
    steps = span // options.interval_ns + 100

    with tempfile.TemporaryDirectory() as folder:
        reference(rows[:1000], options, False, steps)
        reference(rows[:1000], options, True, steps)
        _, theirs = reference(rows, options, False, steps)
        is_equal = True
        for mode in ("rows", "tape"):
            for compatibility in ("hftbacktest-2.4", "none"):
                hbt(binary, options.data, options, mode, compatibility, folder, f"{folder}/records")
                wrong = differences(np.fromfile(f"{folder}/records", dtype=RECORD), theirs)
                is_equal &= not wrong or compatibility == "none"
                print(f"records, {mode:5} {compatibility:16}", "equal in every bit" if not wrong else "differ in " + ", ".join(wrong))
        variants = [(mode, c) for mode in ("rows", "tape") for c in ("hftbacktest-2.4", "none")] + [("build", "none")]
        ours = {v: [] for v in variants}
        published, running = [], []
        for _ in range(options.rounds):
            published.append(reference(rows, options, False, steps)[0] * 1e9 / len(rows))
            for variant in variants:
                ours[variant].append(hbt(binary, options.data, options, *variant, folder)["ns_per_row"])
            running.append(reference(rows, options, True, steps)[0] * 1e9 / len(rows))
        print(f"\n{len(rows):,} rows, {options.rounds} rounds; medians, ns a row; ratios are medians of the rounds' ratios")
        print(f"{'HftBacktest, published':34} {statistics.median(published):8.1f}")
        print(f"{'HftBacktest, running sums':34} {statistics.median(running):8.1f}")
        for variant, times in ours.items():
            to_published = statistics.median(p / t for p, t in zip(published, times))
            to_running = statistics.median(p / t for p, t in zip(running, times))
            print(f"{'hbt ' + ' '.join(variant):34} {statistics.median(times):8.1f}  {to_published:6.1f}x published  {to_running:6.1f}x running sums")
    return 0 if is_equal else 1


if __name__ == "__main__":
    sys.exit(main())
