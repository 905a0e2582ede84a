"""Every node type of docs/factors.md, computed from all its history each time: slow, and short enough to check by eye."""

import math
import re

import numpy as np

UNITS = {"ns": 1, "us": 10**3, "ms": 10**6, "s": 10**9, "m": 60 * 10**9, "min": 60 * 10**9, "h": 3600 * 10**9}


def span_ns(keys, name):
    """A time in `name`_ns or in `name` with its unit; None when it is a count or absent."""
    if name + "_ns" in keys:
        return keys[name + "_ns"]
    text = keys.get(name)
    if not isinstance(text, str):
        return None
    number, unit = re.fullmatch(r"([0-9.]+)\s*([a-z]+)", text).groups()
    return round(float(number) * UNITS[unit])


class Series:
    """Samples in the order of time; grows, forgets nothing."""

    def __init__(self, width):
        self.times, self.values, self.count = np.zeros(1024, np.int64), np.zeros((1024, width)), 0

    def add(self, ns, *values):
        if self.count == len(self.times):
            self.times = np.concatenate([self.times, np.zeros_like(self.times)])
            self.values = np.concatenate([self.values, np.zeros_like(self.values)])
        self.times[self.count], self.values[self.count] = ns, values
        self.count += 1

    def window(self, keys, ns, name="window"):
        """Inside at `ns`: entries with time ≥ ns − window, or the last so many."""
        span = span_ns(keys, name)
        start = max(self.count - keys[name], 0) if span is None else np.searchsorted(self.times[: self.count], ns - span)
        return self.values[start : self.count]


def deviation(x, ddof):
    d = x - x[-1]
    return math.sqrt(np.sum((d - d.mean()) ** 2) / (len(x) - ddof))


def score(x, keys):
    ddof = keys.get("ddof", 1)
    if len(x) <= ddof:
        return 0.0
    spread = deviation(x, ddof)
    if spread < keys.get("guard", 1e-10):
        return 0.0
    distance = float(-np.mean(x - x[-1]))
    return distance / spread if spread else math.copysign(math.inf, distance) if distance else math.nan


def skew(x):
    n = len(x)
    if n < 3 or np.all(x == x[0]):
        return 0.0
    d = x - x[-1]
    d = d - d.mean()
    m2, m3 = np.mean(d**2), np.mean(d**3)
    return math.sqrt(n * (n - 1)) / (n - 2) * m3 / m2**1.5


def regression(x, y, output):
    if len(x) == 0:
        return 0.0 if output in ("slope", "r2", "correlation") else math.nan
    dx, dy = x - x[-1], y - y[-1]
    mx, my = dx.mean(), dy.mean()
    cx, cy = dx - mx, dy - my
    isFlatX, isFlatY = bool(np.all(x == x[0])), bool(np.all(y == y[0]))
    if output in ("correlation", "r2"):
        r = 0.0 if len(x) < 2 or isFlatX or isFlatY else np.sum(cx * cy) / math.sqrt(np.sum(cx**2) * np.sum(cy**2))
        return float(r if output == "correlation" else r * r)
    slope = 0.0 if len(x) < 2 or isFlatX else float(np.sum(cx * cy) / np.sum(cx**2))
    return {
        "slope": slope,
        "intercept": y[-1] + my - slope * (x[-1] + mx),
        "prediction": y[-1] + my - slope * mx,
        "residual": -my + slope * mx,
    }[output]


def statistic(kind, keys, window):
    x = window[:, 0]
    if kind in ("RollingCorrelation", "RollingRegression"):
        output = "correlation" if kind == "RollingCorrelation" else keys.get("output", "slope")
        return regression(x, window[:, 1], output)
    if kind == "TimeWindowSum":
        return math.fsum(x)
    if kind == "RollingStd":
        return deviation(x, keys.get("ddof", 1)) if len(x) > keys.get("ddof", 1) else 0.0
    if kind in ("RollingZScore", "OBI"):
        return score(x, keys)
    if kind == "RollingSkew":
        return skew(x)
    if len(x) == 0:
        return math.nan
    if kind == "RollingMean":
        return float(x[-1] + np.mean(x - x[-1]))
    if kind == "RollingMin":
        return float(x.min())
    if kind == "RollingMax":
        return float(x.max())
    if kind == "RollingQuantile":
        return float(np.quantile(x, keys["quantile"]))
    return float(np.clip(x[-1], np.quantile(x, keys["lower"]), np.quantile(x, keys["upper"])))


def average(series, keys, ns):
    """EMA over everything since the first sample."""
    x, t = series.values[: series.count, 0], series.times[: series.count]
    if series.count == 0:
        return math.nan
    if "span" in keys:
        alpha = 2 / (keys["span"] + 1)
        # What lies 60 spans back weighs e^−120: nothing in a double.
        x = x[-60 * keys["span"] :]
        weights = alpha * (1 - alpha) ** np.arange(len(x))[::-1]
        weights[0] = (1 - alpha) ** (len(x) - 1)
        return float(x[-1] + np.sum(weights * (x - x[-1])))
    tau = span_ns(keys, "tau") or span_ns(keys, "half_life") / math.log(2)
    start = max(int(np.searchsorted(t, ns - 100 * tau)) - 1, 0)
    x, t = x[start:], t[start:]
    # Each value weighs the time that it held for; the first one all the time before it as well.
    ends = np.exp((np.append(t[1:], ns) - ns) / tau)
    starts = np.exp((t - ns) / tau)
    starts[0] = 0.0
    # The first value is in force at once, others only after they have held for a while.
    return float(x[-1] + np.sum((x - x[-1]) * (ends - starts)))


def lagged(series, keys, ns):
    span = span_ns(keys, "lag")
    if span is None:
        at = series.count - 1 - keys["lag"]
    else:
        at = int(np.searchsorted(series.times[: series.count], ns - span, side="right")) - 1
    return float(series.values[at, 0]) if at >= 0 else math.nan


def book_value(kind, keys, book):
    if kind == "MidPrice":
        return book.mid
    tick, lot = book.tick_size, book.lot_size
    if kind in ("MicroPrice", "Spread") or (kind == "VAMP" and keys["mode"] == "best"):
        if not book.is_two_sided:
            return math.nan
        bid, _, ask, _ = book.top
        qb, qa = book.best_sizes
        if kind != "Spread":
            # To the letter: rounding that differs here would be all that a narrow window sees.
            return (bid * tick * qa + ask * tick * qb) / (qb + qa)
        unit = keys.get("unit", "price")
        spread = ask * tick - bid * tick
        return {"price": spread, "ticks": float(ask - bid), "bps": spread / book.mid * 1e4}[unit]
    if kind == "DepthSum":
        found = book.inside(keys["side"], keys)
        return math.nan if found is None else float(found[1].sum()) * lot
    bids, asks = book.inside("bid", keys), book.inside("ask", keys)
    if bids is None or asks is None:
        return math.nan
    (b_ticks, b), (a_ticks, a) = bids, asks
    B, A = float(b.sum()), float(a.sum())
    if kind == "OBI":
        return (B - A) * lot
    if kind == "StaticOBI":
        return 0.0 if B + A == 0 else (B - A) / (B + A)
    if kind == "WeightedDepthPrice":
        return math.nan if B + A == 0 else float(np.sum(b_ticks * b) + np.sum(a_ticks * a)) / (B + A) * tick
    if len(b) == 0 or len(a) == 0:
        return math.nan
    if keys["mode"] == "effective":
        return (np.sum(b_ticks * b) / B * A + np.sum(a_ticks * a) / A * B) / (A + B) * tick
    n = min(len(b), len(a))
    return float(np.sum(b_ticks[:n] * a[:n] + a_ticks[:n] * b[:n]) / np.sum(b[:n] + a[:n])) * tick


def trade_value(kind, keys, trades, lot, ns):
    """`trades`: series of price, lots, side."""
    window = trades.window(keys, ns)
    price, lots, side = window[:, 0], window[:, 1], window[:, 2]
    if kind == "TradeVolumeFilter":
        wanted = {"buy": side == 1, "sell": side == -1, "both": side < 2}[keys["side"]]
        return float(lots[wanted].sum()) * lot
    if kind == "TradeImbalance":
        buys, sells = float(lots[side == 1].sum()), float(lots[side == -1].sum())
        return 0.0 if buys + sells == 0 else (buys - sells) / (buys + sells)
    return float(np.sum((price - price[-1]) * lots) / lots.sum() + price[-1]) if lots.sum() > 0 else math.nan


def arithmetic(kind, keys, x, ids):
    if kind == "Difference":
        return x[0] - x[1]
    if kind == "Ratio":
        return 0.0 if x[1] == 0 else x[0] / x[1]
    if kind == "Sum":
        return sum(x)
    if kind == "Product":
        return math.prod(x)
    if kind == "Log":
        return math.log(x[0]) if x[0] > 0 else math.nan
    if kind == "Clip":
        return x[0] if math.isnan(x[0]) else min(max(x[0], keys.get("min", -math.inf)), keys.get("max", math.inf))
    bounds = keys.get("constraints", {})
    weights = [min(max(keys["weights"][i], bounds.get(i, (-math.inf,))[0]), bounds.get(i, (0, math.inf))[1]) for i in ids]
    if keys.get("normalize") and any(weights):
        total = sum(abs(w) for w in weights)
        weights = [w / total for w in weights]
    value = sum(w * v for w, v in zip(weights, x))
    if kind == "LinearCombine":
        return value
    for product in keys.get("interactions", []):
        value += product["weight"] * math.prod(x[ids.index(i)] for i in product["nodes"])
    value = keys.get("gain", 1) * (value + keys.get("bias", 0))
    if math.isnan(value):
        return math.nan
    return {
        "tanh": math.tanh,
        "sigmoid": lambda z: 1 / (1 + math.exp(-z)),
        "softsign": lambda z: z / (1 + abs(z)),
        "linear": lambda z: z,
    }[keys.get("activation", "tanh")](value)
