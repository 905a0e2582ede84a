"""Answers of the reference engine, in a child process: some inputs abort it."""
import importlib
import json
import math
import os
import signal
import sys

RUNS = 3
SECONDS = 3


def load(directory):
    sys.path.insert(0, directory)
    return importlib.import_module("reference_driver")


def jsonable(x):
    if isinstance(x, float):
        return "nan" if math.isnan(x) else ("inf" if x > 0 else "-inf") if math.isinf(x) else x
    if isinstance(x, dict):
        return {k: jsonable(v) for k, v in x.items()}
    if isinstance(x, (list, tuple)):
        return [jsonable(v) for v in x]
    return x


def plain(x):
    """The words for NaN and infinity back to floats, where the driver wants floats."""
    if isinstance(x, dict):
        return {k: plain(v) if k != "kind" else v for k, v in x.items()}
    if isinstance(x, list):
        return [plain(v) for v in x]
    return float(x) if x in ("nan", "inf", "-inf") else x


def answer_once(driver, case):
    sim = driver.Sim(case)
    trace, fills = sim.run(plain(case["script"]))
    record = sim.record
    sim.close()
    return dict(trace=trace, fills=fills, record_columns=RECORD_COLUMNS, record=record)


RECORD_COLUMNS = ["timestamp", "price", "position", "balance", "fee", "num_trades", "trading_volume", "trading_value"]


class Unsteady(Exception):
    """The reference does not reproduce its own answer."""


def differences(a, b, name, found):
    """Collects (field name, relative difference or None) of unequal leaves."""
    if type(a) is not type(b) and not (isinstance(a, (int, float)) and isinstance(b, (int, float))):
        found.append((name, None))
    elif isinstance(a, dict):
        if a.keys() != b.keys():
            raise Unsteady(name)
        for k in a:
            differences(a[k], b[k], k, found)
    elif isinstance(a, list):
        if len(a) != len(b):
            raise Unsteady(name)
        for x, y in zip(a, b):
            differences(x, y, name, found)
    elif a != b:
        is_float = isinstance(a, float) or isinstance(b, float)
        found.append((name, abs(a - b) / max(abs(a), abs(b)) if is_float else None))


def steady(answers):
    """One answer with `ignore` and `float_tolerance`, or Unsteady when too much varies."""
    ignore, tolerance = set(), None
    for other in answers[1:]:
        found = []
        differences(answers[0], other, "", found)
        for name, relative in found:
            if name == "order_latency":
                ignore.add(name)
            elif relative is not None and relative < 1e-9:
                tolerance = 1e-9
            else:
                raise Unsteady(name)
    return answers[0], sorted(ignore), tolerance


def left_range(case, answer):
    """True when the dense book shows a best price outside its range: undefined behaviour."""
    if case["depth"] != "roivec":
        return False
    for entry in answer["trace"]:
        for asset, seen in zip(case["assets"], entry["assets"]):
            low, high = (round(asset[k] / asset["tick_size"]) for k in ("roi_lb", "roi_ub"))
            for side in ("best_bid_tick", "best_ask_tick"):
                tick = seen["depth"][side]
                if abs(tick) < 2 ** 63 - 1 and not low <= tick <= high:
                    return True
    return False


def vector(case, answer, ignore, tolerance):
    done = dict(case, expected=answer)
    if ignore:
        done["ignore"] = ignore
    if tolerance:
        done["float_tolerance"] = tolerance
    return done


def work(driver, cases, start, out, runs):
    devnull = os.open(os.devnull, os.O_WRONLY)
    os.dup2(devnull, 1)
    os.dup2(devnull, 2)
    for i in range(start, len(cases)):
        signal.alarm(SECONDS)
        try:
            answers = [answer_once(driver, cases[i]) for _ in range(runs)]
            answer, ignore, tolerance = steady(answers)
            if any(t["rc"] == 100 for t in answer["trace"]):
                # Three arrays in memory with the two sides two arrays apart: the reference has
                # given one away. It reads files again instead, so that this is no rule.
                raise Unsteady("array given away")
            if left_range(cases[i], answer):
                raise Unsteady("dense book read outside its array")
            line = json.dumps(dict(vector=vector(cases[i], answer, ignore, tolerance)), separators=(",", ":"))
        except Unsteady as e:
            line = json.dumps(dict(dropped=f"unsteady {e}"))
        except BaseException as e:
            line = json.dumps(dict(dropped=f"refused: {type(e).__name__} {e}"))
        out.write(line + "\n")
        out.flush()


def answers(driver, cases, runs=RUNS):
    """For each case (dict, words for NaN) its vector, or a reason (string) why there is none."""
    cases = [jsonable(c) for c in cases]
    results = []
    while len(results) < len(cases):
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reading)
            try:
                work(driver, cases, len(results), os.fdopen(writing, "w"), runs)
            finally:
                os._exit(0)
        os.close(writing)
        with os.fdopen(reading) as lines:
            for line in lines:
                done = json.loads(line)
                results.append(done.get("vector") or done["dropped"])
        _, status = os.waitpid(child, 0)
        if os.WIFSIGNALED(status):
            results.append(f"aborted by signal {os.WTERMSIG(status)}")
        elif len(results) < len(cases):
            results.append("exited")
    return results
