"""A long session under load: the paper exchange, a live run and the collector, and whether their memory stays flat.

    make live
    python3 Tools/soak/soak.py --minutes 60 --speed 50 --book ../shared/data/npz/usdm_btcusdt_20240808.npz

The recording is played `--speed` times faster than it was, again and again. Every ten seconds resident memory,
processor time, message counts and lag are written to samples.csv in the folder named with --out; at the end stands a
verdict. Needs nothing but Python. Exits 1 when a check fails.
"""
import argparse
import collections
import csv
import hashlib
import hmac
import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request

KEY, SECRET = "paper-key", "paper-secret"
SETTINGS = """name = "soak"
[[asset]]
symbol = "BTCUSDT"
data = ["none.npz"]
tick_size = 0.1
lot_size = 0.001
contract = {{ kind = "linear", size = 1.0 }}
book = {{ kind = "hash" }}
latency = {{ kind = "constant", entry = "10ms", response = "10ms" }}
queue = {{ kind = "power_prob", n = 3.0 }}
exchange = "partial_fill"
fee = {{ kind = "trading_value", maker = 0.0002, taker = 0.0005 }}
[strategy]
type = "grid_market_making"
interval = "100ms"
half_spread = {half_spread}
skew = 1.0
grid_num = 2
grid_interval = 1.0
order_qty_value = 500.0
max_position_value = 3000.0
[venue]
market = "usd-m"
endpoint = "custom"
rest = "{rest}"
stream = "{stream}"
orders_per_10s = 100000
orders_per_day = 1000000
weight_per_minute = 1000000
[risk]
max_position_value = 10_000.0
max_order_value = 2_000.0
max_loss = 10_000_000.0
max_open_orders = 20
orders_per_second = 100
"""


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--speed", type=float, default=50, help="data time per wall time")
    parser.add_argument("--book", default="data/btcusdt-sample.npz", help="the recording, .npz or collector .gz")
    parser.add_argument("--bin", default=".build/release", help="where hbt-exchange, hbt-run and hbt-collect are")
    parser.add_argument("--out", default="soak", help="a folder for everything that is written")
    parser.add_argument("--every", type=float, default=10, help="seconds between samples")
    parser.add_argument("--bound", type=float, default=16, help="most MiB an hour that memory may grow by")
    parser.add_argument("--paper", action="store_true", help="a paper run instead of a live one")
    parser.add_argument("--no-collect", action="store_true", help="without the collector")
    parser.add_argument("--half-spread", type=float, default=5, help="of the run's quotes")
    parser.add_argument("--nice", type=int, default=10)
    return parser.parse_args()


def fetch(url, data=None, headers=None):
    request = urllib.request.Request(url, data=data, headers=headers or {})
    with urllib.request.urlopen(request, timeout=20) as reply:
        return reply.read()


def signed(base, path, query=""):
    query = f"{query}&timestamp={int(time.time() * 1000)}".lstrip("&")
    mark = hmac.new(SECRET.encode(), query.encode(), hashlib.sha256).hexdigest()
    return json.loads(fetch(f"{base}{path}?{query}&signature={mark}", headers={"X-MBX-APIKEY": KEY}))


class Program:
    def __init__(self, name, command, folder, nice, env=None):
        self.name = name
        self.errors = os.path.join(folder, f"{name}.err")
        with open(self.errors, "wb") as errors, open(os.path.join(folder, f"{name}.out"), "wb") as out:
            self.process = subprocess.Popen(command, stdout=out, stderr=errors, env=env, preexec_fn=lambda: os.nice(nice))
        self.folder = folder

    def out(self):
        with open(os.path.join(self.folder, f"{self.name}.out")) as file:
            return file.read()

    def log(self):
        with open(self.errors, errors="replace") as file:
            return file.read()

    def memory_kib(self):
        """Resident and its peak."""
        try:
            text = open(f"/proc/{self.process.pid}/status").read()
        except OSError:
            return 0, 0
        return tuple(int((re.search(rf"{name}:\s+(\d+)", text) or [0, 0])[1]) for name in ("VmRSS", "VmHWM"))

    def processor_s(self):
        try:
            fields = open(f"/proc/{self.process.pid}/stat").read().rsplit(")", 1)[1].split()
        except OSError:
            return 0.0
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def end(self, seconds=240):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return "killed"


def metrics(port):
    found = {}
    for line in fetch(f"http://127.0.0.1:{port}/metrics").decode().splitlines():
        if not line.startswith("#") and "_bucket" not in line:
            name, value = line.rsplit(" ", 1)
            found[name.split("{")[0]] = float(value)
    return found


def slope(times_h, values):
    """Least squares, per hour."""
    n = len(values)
    if n < 3:
        return 0.0
    mean_t, mean_v = sum(times_h) / n, sum(values) / n
    spread = sum((t - mean_t) ** 2 for t in times_h)
    return sum((t - mean_t) * (v - mean_v) for t, v in zip(times_h, values)) / spread if spread else 0.0


def free_port():
    import socket
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def start(plan):
    os.makedirs(plan.out)
    programs = []
    exchange = Program("exchange", [
        f"{plan.bin}/hbt-exchange", "--port", "0", "--book", f"usdm:BTCUSDT={plan.book}", "--loop", "--speed", str(plan.speed), "--no-limits",
        "--funds", "USDT=10000000", "--funding", "0"], plan.out, plan.nice)
    programs.append(exchange)
    for _ in range(300):
        base = exchange.out().strip()
        if base:
            break
        time.sleep(0.1)
    else:
        sys.exit(f"the exchange has not started: {exchange.log()}")
    settings = os.path.join(plan.out, "soak.toml")
    with open(settings, "w") as file:
        file.write(SETTINGS.format(rest=base, stream=base.replace("http", "ws", 1), half_spread=plan.half_spread))
    port = free_port()
    environment = dict(os.environ, HBT_API_KEY=KEY, HBT_API_SECRET=SECRET)
    programs.append(Program("run", [
        f"{plan.bin}/hbt-run", settings, "--paper" if plan.paper else "--live", "--out", os.path.join(plan.out, "run"), "--observe", str(port)],
        plan.out, plan.nice, environment))
    if not plan.no_collect:
        programs.append(Program("collect", [
            f"{plan.bin}/hbt-collect", "binance-futures", "BTCUSDT", "--out", os.path.join(plan.out, "recording"), "--codec", "zstd",
            "--rest", base, "--stream", base.replace("http", "ws", 1)], plan.out, plan.nice))
    return base, port, programs


def sample(base, port, programs, begun, writer, history):
    row = {"s": round(time.time() - begun, 1)}
    for program in programs:
        row[f"{program.name}_kib"], row[f"{program.name}_peak_kib"] = program.memory_kib()
        row[f"{program.name}_cpu_s"] = round(program.processor_s(), 2)
    try:
        clock = json.loads(fetch(f"{base}/hbt/clock"))
        row["exchange_lag_ms"] = max(0, round((time.time() * 1e9 - clock["nextRowNs"]) / 1e6)) if clock["nextRowNs"] else 0
        now = metrics(port)
        for name, key in [("depth", "hbt_depth_messages_total"), ("gaps", "hbt_gaps_total"), ("snapshots", "hbt_snapshots_total"),
                          ("fills", "hbt_fills_total"), ("requests", "hbt_requests_total"), ("refusals", "hbt_risk_refusals_total"),
                          ("quotable", "hbt_quotable"), ("book_age_s", "hbt_book_age_seconds"), ("feed_lag_s", "hbt_feed_lag_seconds"),
                          ("position", "hbt_position"), ("quotes", "hbt_quotes_open")]:
            row[name] = now.get(key, "")
    except OSError as error:
        row["fault"] = str(error)
    for program in programs:
        if program.name == "collect":
            said = re.findall(r"(\d+) messages, (\d+) bytes written, (\d+) snapshots, (\d+) gaps.*?(\d+) connections lost.*?(\d+) lines lost", program.log())
            if said:
                row["collected"] = int(said[-1][0])
    history.append(row)
    writer.writerow(row)


FIELDS = ["s"] + [f"{p}_{f}" for p in ("exchange", "run", "collect") for f in ("kib", "peak_kib", "cpu_s")] + [
    "exchange_lag_ms", "depth", "gaps", "snapshots", "fills", "requests", "refusals", "quotable", "book_age_s", "feed_lag_s", "position", "quotes",
    "collected", "fault"]


def verdict(plan, base, programs, history):
    failed = 0

    def check(name, ok, detail):
        nonlocal failed
        failed += not ok
        print(("PASS " if ok else "FAIL ") + f"{name}: {detail}")

    exchange, run = programs[0], programs[1]
    seconds = history[-1]["s"]
    late = [row for row in history if row["s"] >= seconds / 4]
    print(f"\n{seconds / 60:.1f} minutes at {plan.speed:g} times the recording's rate, {len(history)} samples; memory over the last three quarters")
    for program in programs:
        kib = [row[f"{program.name}_kib"] for row in late]
        grown = slope([row["s"] / 3600 for row in late], kib) / 1024
        bound = max(plan.bound, 0.05 * sum(kib) / len(kib) / 1024)
        cpu = history[-1][f"{program.name}_cpu_s"]
        check(f"memory of {program.name}", grown * min(1, seconds / 3600) <= bound,
              f"{min(kib) / 1024:.1f} to {max(kib) / 1024:.1f} MiB, {grown:+.2f} MiB an hour, peak {history[-1][f'{program.name}_peak_kib'] / 1024:.1f} MiB, "
              f"{100 * cpu / seconds:.0f} % of a core")
    known = [row for row in history if "depth" in row]
    if not known:
        print("FAIL nothing was measured")
        return 1
    last = known[-1]
    rates = [(b["depth"] - a["depth"]) / (b["s"] - a["s"]) for a, b in zip(known, known[1:])]
    if rates:
        print(f"     depth messages a second: {sum(rates) / len(rates):.0f} (least {min(rates):.0f}, most {max(rates):.0f})")
    lags = sorted(row["exchange_lag_ms"] for row in known)
    feed = sorted(row["feed_lag_s"] for row in known if row["feed_lag_s"] != "")
    check("the exchange keeps up", lags[len(lags) // 2] < 1000, f"behind its data by {lags[len(lags) // 2]} ms in the middle, {lags[-1]} ms at most")
    if feed:
        check("the run keeps up", feed[len(feed) // 2] < 1, f"feed lag {1000 * feed[len(feed) // 2]:.1f} ms in the middle, {1000 * feed[-1]:.1f} ms at most")
    check("no gap", last["gaps"] == 0, f"{last['gaps']:.0f} gaps, {last['snapshots']:.0f} snapshots")
    print(f"     {last['requests']:.0f} requests, {last['fills']:.0f} fills, {last['refusals']:.0f} held back by the risk gate; "
          f"the book could not be quoted on in {sum(row['quotable'] == 0 for row in known)} of {len(known)} samples")

    statuses = {program.name: program.end() for program in reversed(programs[1:])}
    check("all end in order", all(status == 0 for status in statuses.values()), str(statuses))
    log = run.log()
    notes = collections.Counter()
    for line in log.splitlines():
        for key, words in [("book lost", "the book is lost"), ("orders pulled", "its orders are cancelled"), ("not sent", "was not sent"),
                           ("order of unknown state", "of unknown state"), ("order missing at the venue", "not in the venue's list"),
                           ("order thought finished", "was thought finished"), ("executions unreported", "executed unreported"),
                           ("position corrected", "position corrected")]:
            if words in line:
                more = re.search(r"and (\d+) like it", line)
                notes[key] += 1 + (int(more[1]) if more else 0)
    print(f"     notes of the run: {dict(notes)}")
    if not plan.paper:
        open_orders = signed(base, "/fapi/v1/openOrders", "symbol=BTCUSDT")
        position = sum(float(entry["positionAmt"]) for entry in signed(base, "/fapi/v2/positionRisk", "symbol=BTCUSDT"))
        said = re.findall(r"positions=\[([^\]]*)\]", log)
        ours = float(said[-1]) if said else float("nan")
        check("nothing is left open", open_orders == [], str([order["clientOrderId"] for order in open_orders]))
        check("position is the venue's", abs(position - ours) < 1e-9, f"ours {ours}, the venue's {position}")
        # An order that a list did not name, or of unknown state, has been asked for since: a question, not a loss.
        check("no order lost or doubled", notes["order thought finished"] == 0 and notes["position corrected"] == 0
              and notes["executions unreported"] == 0, "by what the run had to correct")
        wallet = next(entry for entry in signed(base, "/fapi/v2/balance") if entry["asset"] == "USDT")
        print(f"     wallet at the venue {wallet['balance']} USDT")
    for program in programs[2:]:
        lines = [line for line in program.log().splitlines() if "bytes written" in line]
        print(f"     {lines[-1]}")
        messages = int(re.search(r"(\d+) messages", lines[-1])[1])
        # The last line counts the connection that it has closed itself.
        whole = " 0 gaps" in lines[-1] and " 0 lines lost" in lines[-1] and all(" 0 connections lost" in line for line in lines[:-1])
        check("the collector lost nothing", whole, f"{messages / seconds:.0f} messages a second, by its own counts")
    check("the exchange ends in order", exchange.end() == 0, "status 0")
    print(f"\n{'FAIL' if failed else 'PASS'}: {failed} checks failed")
    return failed


def main():
    plan = arguments()
    base, port, programs = start(plan)
    begun, history = time.time(), []
    try:
        with open(os.path.join(plan.out, "samples.csv"), "w", newline="", buffering=1) as file:
            writer = csv.DictWriter(file, FIELDS)
            writer.writeheader()
            while time.time() - begun < plan.minutes * 60:
                time.sleep(plan.every)
                sample(base, port, programs, begun, writer, history)
                ended = [program.name for program in programs if program.process.poll() is not None]
                if ended:
                    print(f"FAIL {', '.join(ended)} ended by itself")
                    for program in programs:
                        print("\n".join(program.log().splitlines()[-5:]))
                    break
        failed = verdict(plan, base, programs, history)
    finally:
        for program in programs:
            if program.process.poll() is None:
                program.process.kill()
    sys.exit(1 if failed else 0)


main()
