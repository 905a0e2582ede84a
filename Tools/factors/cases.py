"""Graphs for the judge: every node type in several parameterisations, by count and by time, on every clock."""

SECOND = 10**9
DEPTH, TRADE, BEST = ["depth"], ["trade"], ["best"]


def node(name, type, dependencies, **keys):
    return {"id": name, "type": type, "dependencies": dependencies, **keys}


def toml(nodes, tick_size, lot_size, name):
    """The graph file; values are written as TOML has them."""
    def text(value):
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, str):
            return f'"{value}"'
        if isinstance(value, dict):
            return "{ " + ", ".join(f'"{k}" = {text(v)}' for k, v in value.items()) + " }"
        if isinstance(value, (list, tuple)):
            return "[" + ", ".join(text(v) for v in value) + "]"
        return repr(value)

    lines = ["[graph]", f'name = "{name}"', 'symbol = "JUDGED"', f"tick_size = {tick_size}", f"lot_size = {lot_size}"]
    for keys in nodes:
        lines += ["[[nodes]]"] + [f"{k} = {text(v)}" for k, v in keys.items() if k != "dependencies" or v]
    return "\n".join(lines) + "\n"


SOURCES = [node("depth", "DepthSource", []), node("trade", "TradeSource", []), node("best", "BBOSource", [])]


def book(share, ticks, notional, levels):
    out = [node("mid_price", "MidPrice", DEPTH), node("mid_best", "MidPrice", BEST), node("micro", "MicroPrice", BEST), node("vamp1", "VAMP", DEPTH, mode="best")]
    out += [node(f"spread_{u}", "Spread", BEST, unit=u) for u in ("price", "ticks", "bps")]
    for side in ("bid", "ask"):
        out.append(node(f"{side}_pct", "DepthSum", DEPTH, side=side, depth_pct=share))
        out.append(node(f"{side}_ticks", "DepthSum", DEPTH, side=side, depth_ticks=ticks))
        out.append(node(f"{side}_notional", "DepthSum", DEPTH, side=side, depth_notional=notional))
    out.append(node("imbalance", "Difference", ["bid_pct", "ask_pct"]))
    out.append(node("obi_raw", "OBI", DEPTH, looking_depth=share, output="raw"))
    for name, type, keys in (("static", "StaticOBI", {}), ("weighted", "WeightedDepthPrice", {}), ("vamp_n", "VAMP", {"mode": "n"}), ("vamp_e", "VAMP", {"mode": "effective"})):
        out.append(node(name + "_levels", type, DEPTH, levels=levels, **keys))
        out.append(node(name + "_pct", type, DEPTH, depth_pct=share, **keys))
    return out


def scores():
    return [
        node("count", "OBI", DEPTH, looking_depth=0.001, window=3600),
        node("time", "OBI", DEPTH, looking_depth=0.0005, window="30s"),
        node("wave", "OBI", DEPTH, looking_depth=0.002, window=500, clock="wave", ddof=0),
        node("every", "OBI", DEPTH, looking_depth=0.001, window=120, every="250ms"),
        node("flow_count", "OrderFlowImbalance", DEPTH, window=200),
        node("flow_time", "OrderFlowImbalance", BEST, window="10s"),
        node("flow_wave", "OrderFlowImbalance", DEPTH, window=300, clock="wave"),
    ]


def trades(window, count):
    out = [node(side + "s", "TradeVolumeFilter", TRADE, side=side, window_ns=window) for side in ("buy", "sell", "both")]
    return out + [
        node("net", "Difference", ["buys", "sells"]),
        node("ratio", "Ratio", ["buys", "sells"]),
        node("imbalance", "TradeImbalance", TRADE, window_ns=window),
        node("vwap_count", "VWAP", TRADE, window=count),
        node("vwap_time", "VWAP", TRADE, window_ns=window),
        node("behind", "RollingMean", ["imbalance"], window=50),
        node("half_second", "TimerSource", [], every="500ms"),
        node("sampled", "RollingStd", ["imbalance", "half_second"], window=40),
        node("each_wave", "RollingMean", ["imbalance"], window="20s", clock="wave"),
    ]


def rolling(span, **clock):
    """Each statistic over `span`, of a price and a flow."""
    common = {**span, **clock}
    out = [node("mid_price", "MidPrice", DEPTH), node("micro", "MicroPrice", BEST), node("obi", "OBI", DEPTH, looking_depth=0.001, output="raw")]
    out += [node(k.lower(), "Rolling" + k, ["micro"], **common) for k in ("Mean", "Std", "ZScore", "Min", "Max", "Skew")]
    out += [node("obi_" + k.lower(), "Rolling" + k, ["obi"], **common) for k in ("Mean", "Std", "ZScore", "Skew")]
    out += [node("std0", "RollingStd", ["mid_price"], ddof=0, **common), node("z_guard", "RollingZScore", ["mid_price"], guard=5.0, **common)]
    out += [node(f"q{int(q * 100)}", "RollingQuantile", ["obi"], quantile=q, **common) for q in (0.0, 0.25, 0.5, 0.9, 1.0)]
    out += [node("correlation", "RollingCorrelation", ["obi", "micro"], **common)]
    out += [node(o, "RollingRegression", ["obi", "micro"], output=o, **common) for o in ("slope", "intercept", "r2", "residual", "prediction")]
    out += [node("winsorised", "Winsorise", ["obi"], lower=0.05, upper=0.8, **common)]
    if "window_ns" in span:
        out += [node("sum", "TimeWindowSum", ["obi"], **common)]
    return out


def smoothed():
    out = [node("mid_price", "MidPrice", DEPTH), node("micro", "MicroPrice", BEST), node("flow", "TradeImbalance", TRADE, window="5s")]
    out += [node(f"ema_{n}", "EMA", ["micro"], span=n) for n in (1, 20, 300)]
    out += [
        node("ema_tau", "EMA", ["micro"], tau_ns=3 * SECOND),
        node("ema_half", "EMA", ["flow"], half_life="700ms"),
        node("ema_wave", "EMA", ["flow"], span=50, clock="wave"),
        node("ema_every", "EMA", ["flow"], tau="2s", every="100ms"),
        node("lag_count", "Lag", ["mid_price"], lag=7),
        node("lag_time", "Lag", ["mid_price"], lag="1500ms"),
        node("lag_every", "Lag", ["flow"], lag=3, every="700ms"),
        node("returns", "Returns", ["mid_price"], interval="1s"),
        node("returns_book", "Returns", DEPTH, interval_ns=250_000_000),
        node("returns_best", "Returns", BEST, interval="10s"),
        node("volatility", "Volatility", ["mid_price"], interval="1s", window=60),
        node("volatility_book", "Volatility", DEPTH, interval="200ms", window=300, ddof=0),
        node("std_returns", "RollingStd", ["returns"], window=60),
        node("mean_volatility", "RollingMean", ["volatility"], window=10),
        node("behind_lag", "RollingMean", ["lag_count"], window=30),
    ]
    return out


def stepped():
    """What a strategy's steps and ticks move, and what hangs on it, with inputs that only time moves."""
    return [
        node("mid_price", "MidPrice", DEPTH), node("flow", "TradeImbalance", TRADE, window="2s"), node("static", "StaticOBI", DEPTH, levels=5),
        node("plain", "OBI", DEPTH, looking_depth=0.001, window=60, clock="step", ddof=0, guard=0.0),
        node("guarded", "OBI", DEPTH, looking_depth=0.0005, window="20s", clock="step"),
        node("ema_step", "EMA", ["flow"], span=30, clock="step"), node("lag_step", "Lag", ["flow"], lag=4, clock="step"),
        node("tick_mean", "RollingMean", ["flow"], window=6, every="300ms"), node("step_mean", "RollingMean", ["flow"], window=6, clock="step"),
        node("sum", "Sum", ["tick_mean", "flow", "static"]), node("product", "Product", ["step_mean", "flow"]),
        node("linear", "LinearCombine", ["step_mean", "flow", "static"], weights={"step_mean": 2.0, "flow": -1.5, "static": 0.1}),
        node("behind_sum", "RollingStd", ["sum"], window=20), node("behind_product", "RollingMean", ["product"], window="3s"),
        node("behind_linear", "RollingZScore", ["linear"], window=50), node("pair", "RollingCorrelation", ["product", "flow"], window=40),
    ]


def combined():
    two = ["flow", "static"]
    return [
        node("mid_price", "MidPrice", DEPTH), node("flow", "TradeImbalance", TRADE, window="5s"), node("static", "StaticOBI", DEPTH, levels=5),
        node("bid", "DepthSum", DEPTH, side="bid", depth_ticks=50),
        node("sum", "Sum", two + ["bid"]), node("product", "Product", two), node("ratio", "Ratio", ["bid", "flow"]),
        node("log_mid", "Log", ["mid_price"]), node("log_flow", "Log", ["flow"]),
        node("clip", "Clip", ["static"], min=-0.2, max=0.3), node("floor", "Clip", ["flow"], min=0.0),
        node("z", "RollingZScore", ["bid"], window=600),
        node("linear", "LinearCombine", two + ["z"], weights={"flow": 0.4, "static": -0.3, "z": 0.3}),
        node("normal", "LinearCombine", two, weights={"flow": 3.0, "static": -9.0}, normalize=True, constraints={"static": [-1.0, 1.0]}),
        node("tanh", "NonlinearCombine", two, weights={"flow": 1.5, "static": -0.7}, interactions=[{"nodes": two, "weight": 2.0}]),
        node("sigmoid", "NonlinearCombine", two, weights={"flow": 1.5, "static": 0.7}, activation="sigmoid", bias=0.1, gain=3.0),
        node("softsign", "NonlinearCombine", two, weights={"flow": 2.0, "static": 1.0}, activation="softsign"),
        node("plain", "NonlinearCombine", two, weights={"flow": 2.0, "static": 1.0}, activation="linear", bias=-1.0),
    ]


# Name, nodes, sampling of the table.
CASES = [
    ("book, 0.1 %", book(0.001, 50, 50_000.0, 5), ["--per-event"]),
    ("book, 2.5 %", book(0.025, 1, 5e6, 1), ["--every", "1s"]),
    ("book, 0.01 %", book(0.0001, 400, 1e9, 100), ["--on-change"]),
    ("scores", scores(), ["--every", "100ms"]),
    ("trades, 60 s", trades(60 * SECOND, 100), ["--per-event"]),
    ("trades, 333 ms", trades(333_000_000, 1), ["--every", "50ms"]),
    ("rolling, 10 updates", rolling({"window": 10}), ["--per-event"]),
    ("rolling, 3600 updates", rolling({"window": 3600}), ["--every", "1s"]),
    ("rolling, 2 s", rolling({"window_ns": 2 * SECOND}), ["--every", "77ms"]),
    ("rolling, 60 s", rolling({"window_ns": 60 * SECOND}), ["--per-event"]),
    ("rolling, 100 waves", rolling({"window": 100}, clock="wave"), ["--every", "100ms"]),
    ("rolling, 40 ticks of 250 ms", rolling({"window": 40}, every="250ms"), ["--every", "100ms"]),
    ("rolling, 30 s of ticks", rolling({"window_ns": 30 * SECOND}, every="1s"), ["--per-event"]),
    ("rolling, 40 steps", rolling({"window": 40}, clock="step"), ["--every", "100ms", "--step", "250ms"]),
    ("rolling, 30 s of steps", rolling({"window_ns": 30 * SECOND}, clock="step"), ["--per-event", "--step", "1s"]),
    ("steps and ticks", stepped(), ["--every", "50ms", "--step", "100ms"]),
    ("smoothed", smoothed(), ["--per-event"]),
    ("smoothed between waves", smoothed(), ["--every", "13ms"]),
    ("combined", combined(), ["--every", "50ms"]),
]
