"""The reference's side of `compare_hftbacktest.py`: the same strategies on HftBacktest, in numba."""

import time

import numpy as np
from hftbacktest import BUY, GTX, LIMIT, BacktestAsset, HashMapMarketDepthBacktest, Recorder, ROIVectorMarketDepthBacktest
from numba import njit


@njit
def side_sums(book, mid, reach, first, last):
    """Quantity on either side within `reach` of the mid price, level by level from the best outward.

    The comparisons before the loops are not for show: the ticks of an empty side are the least and the
    greatest integer, and the length of numba's `range` between them overflows.
    """
    asks = bids = 0.0
    start, end = max(book.best_ask_tick, first), min(int(np.floor(mid * (1 + reach) / book.tick_size)), last)
    if start < end:
        for t in range(start, end):
            asks += book.ask_depth[t - first]
    start, end = min(book.best_bid_tick, last), max(int(np.ceil(mid * (1 - reach) / book.tick_size)), first)
    if start > end:
        for t in range(start, end, -1):
            bids += book.bid_depth[t - first]
    return bids, asks


@njit
def make_market(bt, recorder, interval, reach, window, first, last, steps, has_running_sums, tick, lot, half_spread, skew, c1,
                order_value, max_value, rounding):
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
        size = max(round((order_value / mid) / lot) * lot, lot)
        position = bt.position(0)
        fair = mid + c1 * alpha - skew * (position / size)
        low, high = fair - half_spread, fair + half_spread
        if rounding == 1.0:
            low, high = np.round(low), np.round(high)
        else:
            low, high = np.round(low / rounding) * rounding, np.round(high / rounding) * rounding
        bid = np.floor(min(low, book.best_bid) / tick) * tick
        ask = np.ceil(max(high, book.best_ask) / tick) * tick
        has_bid = position * mid < max_value and np.isfinite(bid)
        has_ask = position * mid > -max_value and np.isfinite(ask)
        bid_id = np.uint64(round(bid / tick)) if has_bid else np.uint64(0)
        ask_id = np.uint64(round(ask / tick)) if has_ask else np.uint64(0)
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


@njit
def only_elapse(bt, interval):
    count = 0
    while bt.elapse(interval) == 0:
        count += 1
    return count


def asset(rows, case):
    return (BacktestAsset().data(rows).linear_asset(1.0).tick_size(case.tick).lot_size(case.lot)
            .constant_order_latency(case.entry_ns, case.response_ns).log_prob_queue_model2().no_partial_fill_exchange()
            .trading_value_fee_model(case.maker_fee, case.taker_fee))


def steps_of(rows, interval_ns):
    first = rows["exch_ts"][rows["exch_ts"] > 0].min()
    return int(rows["local_ts"].max() - first) // interval_ns + 100


def market_making(rows, case, interval_ns, has_running_sums):
    """Seconds and records. Compilation is not in the time when the same call was made before."""
    steps = steps_of(rows, interval_ns)
    bt = ROIVectorMarketDepthBacktest([asset(rows, case).roi_lb(case.roi[0]).roi_ub(case.roi[1])])
    recorder = Recorder(1, steps)
    began = time.perf_counter()
    count = make_market(
        bt, recorder.recorder, interval_ns, case.depth, case.window, round(case.roi[0] / case.tick), round(case.roi[1] / case.tick),
        steps, has_running_sums, case.tick, case.lot, case.half_spread, case.skew, case.c1, case.order_value, case.max_value,
        case.price_rounding)
    took = time.perf_counter() - began
    records = recorder.get(0)[:count].copy()
    bt.close()
    return took, records


def bare(rows, case, interval_ns, is_hash):
    if is_hash:
        bt = HashMapMarketDepthBacktest([asset(rows, case)])
    else:
        bt = ROIVectorMarketDepthBacktest([asset(rows, case).roi_lb(case.roi[0]).roi_ub(case.roi[1])])
    began = time.perf_counter()
    only_elapse(bt, interval_ns)
    took = time.perf_counter() - began
    bt.close()
    return took


def load(path):
    loaded = np.load(path)
    return loaded["data"] if path.endswith(".npz") else loaded


def whole(path, case, interval_ns):
    """Seconds from the file to the records; imports and compilation are not in them."""
    began = time.perf_counter()
    rows = load(path)
    market_making(rows, case, interval_ns, False)
    return time.perf_counter() - began


def compile_all(rows, case, interval_ns):
    for has_running_sums in (False, True):
        market_making(rows[:1000], case, interval_ns, has_running_sums)
    for is_hash in (False, True):
        bare(rows[:1000], case, interval_ns, is_hash)
