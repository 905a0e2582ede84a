"""The local market as a script would rebuild it: a book and the trades, wave by wave.

Written from docs/formats.md and docs/factors.md, not from the engine: it is one half of a comparison.
"""

import math
from bisect import bisect_left, bisect_right

import numpy as np

LOCAL, BUY, SELL = 1 << 30, 1 << 29, 1 << 28
DEPTH, TRADE, CLEAR, SNAPSHOT = 1, 2, 3, 4


def load(path, limit=None):
    """Rows of the local side of an event file (.npz or .npy), at most `limit` of the file's rows."""
    data = np.load(path, mmap_mode="r" if path.endswith(".npy") else None)
    if path.endswith(".npz"):
        data = data["data"]
    data = np.array(data[:limit])
    return data[(data["ev"] & np.uint64(LOCAL)) != 0]


class Side:
    """Ticks with quantity in ascending order, their lots, and their sizes as the data has them."""

    def __init__(self):
        self.ticks, self.lots, self.sizes = [], [], []

    def set(self, tick, lots, size):
        at = bisect_left(self.ticks, tick)
        isThere = at < len(self.ticks) and self.ticks[at] == tick
        if isThere and lots > 0:
            self.lots[at], self.sizes[at] = lots, size
        elif isThere:
            del self.ticks[at], self.lots[at], self.sizes[at]
        elif lots > 0:
            self.ticks.insert(at, tick)
            self.lots.insert(at, lots)
            self.sizes.insert(at, size)

    def clear(self, lowest, highest):
        """Removes the ticks from `lowest` to `highest`."""
        first, end = bisect_left(self.ticks, lowest), bisect_right(self.ticks, highest)
        del self.ticks[first:end], self.lots[first:end], self.sizes[first:end]


class Book:
    def __init__(self, tick_size, lot_size):
        self.tick_size, self.lot_size = tick_size, lot_size
        self.bids, self.asks = Side(), Side()
        self.trades = []

    def apply(self, ev, ns, price, quantity):
        kind = ev & 0xFF
        if kind == TRADE:
            side = 1 if ev & BUY else -1 if ev & SELL else 0
            self.trades.append((ns, price, round(quantity / self.lot_size), side))
        elif kind in (DEPTH, SNAPSHOT):
            tick, lots = round(price / self.tick_size), round(quantity / self.lot_size)
            # What a level reaches on the other side is gone.
            if ev & BUY:
                self.bids.set(tick, lots, quantity)
                if lots > 0:
                    self.asks.clear(-math.inf, tick)
            elif ev & SELL:
                self.asks.set(tick, lots, quantity)
                if lots > 0:
                    self.bids.clear(tick, math.inf)
        elif kind == CLEAR:
            isWhole = not math.isfinite(price)
            if ev & BUY:
                self.bids.clear(-math.inf if isWhole else round(price / self.tick_size), math.inf)
            elif ev & SELL:
                self.asks.clear(-math.inf, math.inf if isWhole else round(price / self.tick_size))
            else:
                self.bids.clear(-math.inf, math.inf)
                self.asks.clear(-math.inf, math.inf)

    def settle(self):
        """Once per wave: levels from the best price outward, and the best prices."""
        self.bid_ticks, self.bid_lots = np.array(self.bids.ticks[::-1], np.int64), np.array(self.bids.lots[::-1], np.int64)
        self.ask_ticks, self.ask_lots = np.array(self.asks.ticks, np.int64), np.array(self.asks.lots, np.int64)
        self.is_two_sided = len(self.bid_ticks) > 0 and len(self.ask_ticks) > 0
        self.mid = (int(self.bid_ticks[0]) * self.tick_size + int(self.ask_ticks[0]) * self.tick_size) / 2.0 if self.is_two_sided else math.nan

    @property
    def top(self):
        """Best prices with their sizes, or None while a side is empty."""
        if not self.is_two_sided:
            return None
        return int(self.bid_ticks[0]), int(self.bid_lots[0]), int(self.ask_ticks[0]), int(self.ask_lots[0])

    @property
    def best_sizes(self):
        return self.bids.sizes[-1], self.asks.sizes[0]

    def inside(self, side, keys):
        """Ticks and lots of one side within a range, best first; None where the range is undefined."""
        ticks, lots = (self.bid_ticks, self.bid_lots) if side == "bid" else (self.ask_ticks, self.ask_lots)
        share = keys.get("depth_pct", keys.get("looking_depth"))
        if share is not None:
            if not self.is_two_sided:
                return None
            if side == "ask":
                keep = ticks < np.floor(self.mid * (1 + share) / self.tick_size)
            else:
                keep = ticks > np.ceil(self.mid * (1 - share) / self.tick_size)
            return ticks[keep], lots[keep].astype(np.float64)
        if len(ticks) == 0:
            return ticks, lots.astype(np.float64)
        if "depth_ticks" in keys:
            keep = np.abs(ticks - ticks[0]) < keys["depth_ticks"]
            return ticks[keep], lots[keep].astype(np.float64)
        if "levels" in keys:
            return ticks[: keys["levels"]], lots[: keys["levels"]].astype(np.float64)
        wanted = keys["depth_notional"]
        worth = ticks * self.tick_size * lots * self.lot_size
        before = np.concatenate([[0.0], np.cumsum(worth)[:-1]])
        return ticks, lots * np.clip((wanted - before) / worth, 0.0, 1.0)
