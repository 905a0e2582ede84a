"""`hbt run` (paper and live) and `hbt collect` against venue.py, as a user would start them, for USD-M and spot.

    make live
    python Tools/independent_venue/check.py [FOLDER OF THE PROGRAMS] [SECONDS]

Needs aiohttp (venue.py) and nothing else. Prints one line a check; exits 1 when one fails.
"""
import glob
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
PROGRAMS = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else ".build/release")
SECONDS = int(sys.argv[2]) if len(sys.argv) > 2 else 40
SETTINGS = """name = "other"
[[asset]]
symbol = "BTCUSDT"
data = ["none.npz"]
tick_size = {tick}
lot_size = {lot}
contract = {{ kind = "linear", size = 1.0 }}
book = {{ kind = "hash" }}
latency = {{ kind = "constant", entry = "10ms", response = "10ms" }}
queue = {{ kind = "power_prob", n = 3.0 }}
exchange = "partial_fill"
fee = {{ kind = "trading_value", maker = 0.0002, taker = 0.0005 }}
[strategy]
type = "grid_market_making"
interval = "100ms"
half_spread = 0.3
skew = 0.05
grid_num = 2
grid_interval = 0.2
order_qty_value = 500.0
max_position_value = {most}
[venue]
market = "{market}"
endpoint = "custom"
rest = "http://127.0.0.1:{port}"
stream = "ws://127.0.0.1:{port}"
[risk]
max_position_value = 1_000_000.0
max_order_value = 2_000.0
max_loss = 5000.0
"""
failed = 0


def check(name, ok, detail=""):
    global failed
    failed += not ok
    print(("PASS " if ok else "FAIL ") + name + (f": {detail}" if detail and not ok else ""), flush=True)


def run(folder, market, port, venue):
    spot = market == "spot"
    with open(os.path.join(folder, "run.toml"), "w") as file:
        file.write(SETTINGS.format(tick=0.01 if spot else 0.1, lot=0.00001 if spot else 0.001, market=market, port=port, most=1_000_000.0 if spot else 3000.0))
    keys = dict(os.environ, HBT_API_KEY="other-key", HBT_API_SECRET="other-secret")

    def start(name, arguments):
        errors = open(os.path.join(folder, f"{name}.err"), "w")
        return subprocess.Popen([os.path.join(PROGRAMS, arguments[0]), *arguments[1:]], cwd=folder, env=keys, stdout=subprocess.DEVNULL, stderr=errors)

    def log(name):
        return open(os.path.join(folder, f"{name}.err"), errors="replace").read()

    place = f"127.0.0.1:{port}"
    programs = {
        "live": start("live", ["hbt-run", "run.toml", "--live", "--out", "live", "--for", f"{SECONDS}s"]),
        "paper": start("paper", ["hbt-run", "run.toml", "--paper", "--out", "paper", "--for", f"{SECONDS}s"]),
        "collect": start("collect", ["hbt-collect", f"binance-{'spot' if spot else 'futures'}", "BTCUSDT", "--out", "recording", "--rest", f"http://{place}",
                                     "--stream", f"ws://{place}", "--for", str(SECONDS)]),
    }
    for name, program in programs.items():
        check(f"{market} {name} ends in order", program.wait(SECONDS + 200) == 0, log(name)[-500:])
    state = json.loads(urllib.request.urlopen(f"http://{place}/admin/state").read())
    check(f"{market} orders were placed and executed", len(state["orders"]) > 0 and state["trades"] > 0, state)
    check(f"{market} nothing is open", state["open"] == [], state["open"])
    check(f"{market} no order id came twice", len({order["name"] for order in state["orders"]}) == len(state["orders"]))
    check(f"{market} the venue has no complaint", state["complaints"] == [], state["complaints"])
    check(f"{market} sockets were closed on us meanwhile", state["sockets_closed"] > 0)
    said = re.findall(r"positions=\[([^\]]*)\]", log("live"))
    position = state["balances"]["BTC"] if spot else state["position"]
    check(f"{market} position is the venue's", said and abs(float(said[-1]) - position) < 1e-9, f"ours {said}, the venue's {position}")
    check(f"{market} every message was read", "cannot be read" not in log("live") + log("paper"), "")
    last = log("collect").strip().splitlines()[-1]
    check(f"{market} recording is whole", " 0 unreadable" in last and " 0 lines lost" in last and glob.glob(os.path.join(folder, "recording", "*")), last)


def main():
    for market, port in [("usd-m", 9311), ("spot", 9312)]:
        venue = subprocess.Popen([sys.executable, os.path.join(HERE, "venue.py"), "--market", market.replace("-", ""), "--port", str(port), "--life", "15"])
        try:
            time.sleep(3)
            with tempfile.TemporaryDirectory() as folder:
                run(folder, market, port, venue)
        finally:
            venue.send_signal(signal.SIGKILL)
            venue.wait()
    print(f"{failed} failed")
    sys.exit(1 if failed else 0)


main()
