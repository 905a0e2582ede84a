"""The graph of docs/factors.md around the nodes: waves, updates, ticks, strategy steps and reads."""

import math

import nodes
from nodes import Series, span_ns

SOURCES = ("DepthSource", "TradeSource", "BBOSource", "TimerSource")
BOOK = ("MidPrice", "MicroPrice", "Spread", "DepthSum", "StaticOBI", "WeightedDepthPrice", "VAMP")
TRADES = ("TradeVolumeFilter", "TradeImbalance", "VWAP")
ARITHMETIC = ("Difference", "Ratio", "Sum", "Product", "Log", "Clip", "LinearCombine", "NonlinearCombine")


def same(a, b):
    return a == b or (math.isnan(a) and math.isnan(b))


class Node:
    def __init__(self, keys, all_nodes):
        self.keys, self.id, self.type = keys, keys["id"], keys["type"]
        found = [all_nodes[i] for i in keys.get("dependencies", [])]
        self.timer = next((span_ns(n.keys, "every") for n in found if n.type == "TimerSource"), None) or span_ns(keys, "every")
        self.inputs = [n for n in found if n.type != "TimerSource"]
        self.clock = "every" if self.timer else keys.get("clock", "update")
        self.series = Series(3)
        self.value, self.is_updated = math.nan, False
        self.last = None
        self.returns = Series(1)


class Graph:
    def __init__(self, tables, book, step=None):
        """`step`: a strategy's step at each multiple of so many nanoseconds."""
        self.book, self.all, self.order = book, {}, []
        self.step, self.next_step = step, None
        left = list(tables)
        while left:
            ready = next(k for k in left if all(i in self.all for i in k.get("dependencies", [])))
            left.remove(ready)
            self.all[ready["id"]] = node = Node(ready, self.all)
            self.order.append(node)
        self.columns = [k["id"] for k in tables if k["type"] not in SOURCES]
        self.trades = Series(3)
        self.ticks = []
        self.has_wave = False

    def wave(self, ns):
        """After the rows of one local time have been applied to the book."""
        self.advance(ns - 1)
        self.book.settle()
        for time, price, lots, side in self.book.trades:
            self.trades.add(time, price, lots, side)
        self.book.trades.clear()
        if not self.has_wave:
            self.next_step = self.step and -(-ns // self.step) * self.step
            self.ticks = [[-(-ns // every) * every, every] for every in sorted({n.timer for n in self.order if n.timer and n.type != "TimerSource"})]
        self.has_wave = True
        self.evaluate(ns, "wave")

    def advance(self, until):
        """Ticks and steps up to a time; a step comes after a tick of its time."""
        while self.next_step is not None and self.next_step <= until:
            self.tick(self.next_step)
            self.evaluate(self.next_step, "step")
            self.next_step += self.step
        self.tick(until)

    def tick(self, until):
        while self.ticks and min(t[0] for t in self.ticks) <= until:
            ns = min(t[0] for t in self.ticks)
            self.evaluate(ns, "tick")
            for t in self.ticks:
                if t[0] == ns:
                    t[0] += t[1]

    def evaluate(self, ns, stage):
        for node in self.order:
            node.is_updated = False
        for node in self.order:
            if node.type in SOURCES:
                continue
            strikes = self.strikes(node, ns, stage)
            if stage != "wave" and not strikes and not any(i.is_updated for i in node.inputs):
                continue
            counts = self.sample(node, ns, stage) if strikes else False
            if stage == "wave" and node.type in ("Returns", "Volatility"):
                counts = self.sample_return(node, ns)
            if node.type == "Lag" and span_ns(node.keys, "lag"):
                moved = nodes.np.searchsorted(node.series.times[: node.series.count], ns - span_ns(node.keys, "lag"), side="right")
                counts = moved > (node.last or 0)
                node.last = moved
            # Between waves inputs count as read.
            old, node.value = node.value, self.evaluated(node, ns, lambda n: n.value if stage == "wave" else self.read(n, ns))
            node.is_updated = counts or not same(old, node.value)

    def strikes(self, node, ns, stage):
        if node.clock == "every":
            return stage == "tick" and ns % node.timer == 0
        if node.clock in ("wave", "step"):
            return stage == node.clock
        if node.type == "OrderFlowImbalance":
            return stage == "wave" and self.book.top != node.last
        if node.type == "OBI":
            raw = nodes.book_value("OBI", node.keys, self.book)
            before, node.last = node.last, raw
            return stage == "wave" and (before is None or not same(before, raw))
        return any(i.is_updated for i in node.inputs)

    def sample(self, node, ns, stage):
        """Takes a sample; True when that alone makes the node updated."""
        def x(i):
            return node.inputs[i].value if stage == "wave" else self.read(node.inputs[i], ns)
        if node.type == "OrderFlowImbalance":
            before, node.last = node.last, self.book.top
            if before is None or node.last is None:
                return False
            (pb, qb, pa, qa), (pb0, qb0, pa0, qa0) = node.last, before
            e = (pb >= pb0) * qb - (pb <= pb0) * qb0 - (pa <= pa0) * qa + (pa >= pa0) * qa0
            node.series.add(ns, e, 0, 0)
        elif node.type == "OBI":
            raw = nodes.book_value("OBI", node.keys, self.book)
            if math.isfinite(raw):
                node.series.add(ns, raw, 0, 0)
        elif node.type.startswith("Rolling") or node.type in ("Winsorise", "EMA", "Lag", "TimeWindowSum"):
            values = [x(i) for i in range(len(node.inputs))]
            if all(math.isfinite(v) for v in values):
                node.series.add(ns, *(values + [0, 0])[:3])
                return node.type == "Lag" and not span_ns(node.keys, "lag") and node.series.count > node.keys["lag"]
        return False

    def sample_return(self, node, ns):
        source = node.inputs[0]
        price = self.book.mid if source.type in SOURCES else source.value
        if not math.isfinite(price) or (node.last is not None and ns - node.last[0] < span_ns(node.keys, "interval")):
            return False
        isReturn = node.last is not None
        if isReturn:
            node.returns.add(ns, price / node.last[1] - 1)
        node.last = (ns, price)
        return isReturn

    def read(self, node, ns):
        """The value at `ns`, everything up to then applied; disturbs nothing."""
        isTimed = any(span_ns(node.keys, k) for k in ("window", "lag", "tau", "half_life"))
        if isTimed or node.type in ARITHMETIC:
            return self.evaluated(node, ns, lambda n: self.read(n, ns))
        return node.value

    def evaluated(self, node, ns, value):
        kind, keys = node.type, node.keys
        if kind in BOOK or (kind == "OBI" and keys.get("output") == "raw"):
            return nodes.book_value(kind, keys, self.book)
        if kind in TRADES:
            return nodes.trade_value(kind, keys, self.trades, self.book.lot_size, ns)
        if kind == "OrderFlowImbalance":
            return float(node.series.window(keys, ns)[:, 0].sum()) * self.book.lot_size
        if kind in ARITHMETIC:
            return self.arithmetic(node, [value(n) for n in node.inputs])
        if kind == "Returns":
            return float(node.returns.values[node.returns.count - 1, 0]) if node.returns.count else math.nan
        if kind == "Volatility":
            x = node.returns.window(keys, ns)[:, 0]
            return nodes.deviation(x, keys.get("ddof", 1)) if len(x) > keys.get("ddof", 1) else 0.0
        if kind == "EMA":
            return nodes.average(node.series, keys, ns)
        if kind == "Lag":
            return nodes.lagged(node.series, keys, ns)
        return nodes.statistic(kind, keys, node.series.window(keys, ns))

    def arithmetic(self, node, x):
        # Two sums of lots are subtracted as lots: a difference that did not change does not seem to.
        if node.type == "Difference" and all(n.type in ("DepthSum", "TradeVolumeFilter") and "depth_notional" not in n.keys for n in node.inputs):
            if all(math.isfinite(v) for v in x):
                lot = self.book.lot_size
                return (round(x[0] / lot) - round(x[1] / lot)) * lot
        return nodes.arithmetic(node.type, node.keys, x, [n.id for n in node.inputs])
