"""Random small markets and scripts, made so that things collide.

Few price levels, few order ids, times on a coarse grid with latencies on the same grid: rows,
requests and answers fall on the same nanosecond, orders meet the levels that clears and crossings
hide. Everything comes from the given random.Random.
"""
EXCH, LOCAL, BUY, SELL = 1 << 31, 1 << 30, 1 << 29, 1 << 28
DEPTH, TRADE, CLEAR, SNAPSHOT, BBO = 1, 2, 3, 4, 5
EVENT_COLUMNS = ["ev", "exch_ts", "local_ts", "px", "qty", "order_id", "ival", "fval"]


def chance(rng, probability):
    return rng.random() < probability


def price(rng, asset, low=-5, high=5):
    tick = asset["center"] + rng.randint(low, high)
    if chance(rng, 0.06):
        return (tick + rng.choice([0.5, -0.5, 0.3, -0.3, 0.49])) * asset["tick_size"]
    return tick * asset["tick_size"]


def quantity(rng, asset):
    lot = asset["lot_size"]
    kind = rng.random()
    if kind < 0.75:
        return rng.choice([1, 1, 2, 3, 5, 8, 20]) * lot
    if kind < 0.97:
        return rng.choice([0.3, 0.49, 0.5, 0.51, 1.2, 1.5, 2.5, 7.7]) * lot
    return 0.0


def side(rng, sideless=0.04):
    kind = rng.random()
    if kind < sideless:
        return rng.choice([0, 0, BUY | SELL])
    return rng.choice([BUY, SELL])


def row_of(rng, asset):
    """(kind and side flags, price, quantity) of one market row."""
    kind = rng.random()
    if kind < 0.60:
        flag = side(rng)
        # Mostly uncrossed: bids below the centre, asks above.
        low, high = (-5, 0) if flag == BUY else (0, 5)
        if chance(rng, 0.2):
            low, high = -5, 5
        size = 0.0 if chance(rng, 0.22) else quantity(rng, asset)
        if chance(rng, 0.01):
            size = rng.choice([float("nan"), -asset["lot_size"], 0.4 * asset["lot_size"]])
        return (rng.choice([DEPTH, DEPTH, DEPTH, SNAPSHOT]) | flag, price(rng, asset, low, high), size)
    if kind < 0.88:
        return (TRADE | side(rng), price(rng, asset, -4, 4), quantity(rng, asset))
    if kind < 0.96:
        where = price(rng, asset, -4, 4)
        if chance(rng, 0.25):
            where = rng.choice([float("nan"), float("inf"), float("-inf")])
        return (CLEAR | side(rng, 0.15), where, 0.0)
    return (rng.choice([BBO, 0, 7, 100, 103, 255]) | side(rng, 0.3), price(rng, asset), quantity(rng, asset))


def rows_of(rng, asset, base, count):
    step = asset["time_step"]
    latencies = rng.choice([[1], [1], [0, 1, 2, 3], [1, 1, 1, 6], [-1, 0, 1]])
    split = rng.choice([0.0, 0.0, 0.15])
    sorts = not chance(rng, 0.03)
    rows, now, local = [], base, base
    for _ in range(count):
        now += rng.choice([0, 0, 0, 1, 1, 2, 4, 8]) * step
        received = now + rng.choice(latencies) * step
        local = max(local, received) if sorts else received
        kind, px, qty = row_of(rng, asset)
        for flags in ([EXCH, LOCAL] if chance(rng, split) else [EXCH | LOCAL]):
            if chance(rng, 0.02):
                flags = rng.choice([0, EXCH, LOCAL])
            rows.append([kind | flags, now, local, px, qty, 0, 0, 0.0])
    return rows


def latency_of(rng, step, base, horizon):
    kind = rng.random()
    if kind < 0.7:
        return dict(kind="constant", entry=rng.choice([0, 1, 1, 1, 2, 4, -2]) * step + rng.choice([0, 0, 3]),
                    response=rng.choice([0, 1, 2, 2, 3, -1]) * step + rng.choice([0, 0, 3]))
    rows, at = [], base + rng.randint(-20, 60) * step
    for _ in range(rng.randint(1, 9)):
        sent = at
        acted = sent + rng.randint(0, 30) * step // 5
        back = acted + rng.randint(0, 40) * step // 5
        rows.append([sent, 0 if chance(rng, 0.2) else acted, back])
        at += rng.randint(1, max(2, horizon // 6 // step)) * step
    offset = rng.choice([0, 0, 0, step // 2, -step // 2]) if base < 10 ** 9 else 0
    return dict(kind="interpolated", rows=rows, offset=offset)


def asset_of(rng, depth, base, step, count):
    asset = dict(tick_size=rng.choice([1.0, 1.0, 0.5, 0.1, 0.01]), lot_size=rng.choice([1.0, 1.0, 0.5, 0.1, 0.001]),
                 center=rng.choice([100, 100, 1000, 7]), time_step=step)
    asset["asset_type"] = dict(kind=rng.choice(["linear", "linear", "inverse"]),
                               contract_size=rng.choice([1.0, 1.0, 0.5, 100.0]))
    asset["latency"] = latency_of(rng, step, base, count * 2 * step)
    queue = rng.choice(["risk_averse", "log_prob", "log_prob2", "power_prob", "power_prob2", "power_prob3"])
    asset["queue_model"] = dict(kind=queue)
    if queue.startswith("power"):
        asset["queue_model"]["n"] = rng.choice([1.0, 2.0, 3.0, 0.5])
    asset["exchange"] = rng.choice(["no_partial_fill", "partial_fill"])
    kind = rng.choice(["trading_value", "trading_qty", "flat_per_trade"])
    asset["fee"] = dict(kind=kind, maker=rng.choice([-0.0001, 0.0, 0.25]), taker=rng.choice([0.0007, 0.5]))
    asset["last_trades_capacity"] = rng.choice([0, 0, 10])
    if chance(rng, 0.08):
        asset["feed_latency_offset"] = rng.choice([3, 3, 12, 12, -1]) * step
    center, tick = asset["center"], asset["tick_size"]
    if depth == "roivec":
        asset["roi_lb"] = (center - rng.choice([3, 5, 7])) * tick
        asset["roi_ub"] = (center + rng.choice([3, 5, 7])) * tick
    if chance(rng, 0.25):
        asset["initial_snapshot"] = [
            [SNAPSHOT | rng.choice([EXCH | LOCAL, 0]) | flag, 0, 0, price(rng, asset, low, high),
             0.0 if chance(rng, 0.1) else quantity(rng, asset), 0, 0, 0.0]
            for flag, low, high in rng.choices([(BUY, -4, 0), (SELL, 1, 5)], k=rng.randint(1, 8))]
    rows = rows_of(rng, asset, base, count)
    cuts = sorted(rng.sample(range(1, len(rows)), rng.choice([0] * 20 + [1] * 9 + [2]))) if len(rows) > 3 else []
    asset["data"] = [rows[a:b] for a, b in zip([0] + cuts, cuts + [len(rows)])]
    return asset


def step_of(rng, assets, step, depth, ids):
    index = rng.randrange(len(assets))
    asset = assets[index]
    kind = rng.random()
    span = rng.choice([0, 1, 1, 2, 3, 4, 5, 10, 20]) * step + rng.choice([0, 0, 0, 1])
    order = rng.choice(ids)
    waits = chance(rng, 0.05)
    if kind < 0.34:
        return dict(op="elapse", duration=-step if chance(rng, 0.02) else span)
    if kind < 0.66:
        buys = chance(rng, 0.5)
        low, high = rng.choice([(-4, 1) if buys else (-1, 4), (-4, 4)])
        tif = rng.choice([0, 0, 0, 0, 1, 1, 2, 3])
        if chance(rng, 0.01):
            tif = 255  # unsupported; a marketable partial-fill sell aborts the reference
        return dict(op="submit_buy" if buys else "submit_sell", asset=index, order_id=order,
                    price=price(rng, asset, low, high),
                    qty=rng.choice([-1.0, 0.0]) * asset["lot_size"] if chance(rng, 0.01) else quantity(rng, asset),
                    tif=tif, type=1 if chance(rng, 0.1) else 255 if chance(rng, 0.006) else 0, wait=waits)
    if kind < 0.76:
        return dict(op="cancel", asset=index, order_id=order, wait=waits)
    if kind < 0.86:
        return dict(op="modify", asset=index, order_id=order, price=price(rng, asset, -4, 4),
                    qty=quantity(rng, asset), wait=waits)
    if kind < 0.89:
        return dict(op="wait_order_response", asset=index, order_id=order, timeout=span)
    if kind < 0.95:
        return dict(op="wait_next_feed", include_order_resp=chance(rng, 0.5), timeout=span)
    if kind < 0.975:
        which = {} if chance(rng, 0.5) else dict(asset=index)
        return dict(op="clear_inactive_orders", **which)
    if kind < 0.985:
        return dict(op="clear_last_trades")
    if kind < 0.993 or depth != "hashmap":
        return dict(op="record")
    return dict(op="goto_end")


def make_case(rng, name, rows=(10, 60), steps=(8, 40)):
    depth = rng.choice(["hashmap", "roivec"])
    step = rng.choice([10, 10, 100, 7])
    base = rng.choice([100, 100, 5000, 1723161256298000000])
    count = rng.randint(*rows)
    assets = [asset_of(rng, depth, base, step, count) for _ in range(rng.choice([1, 1, 1, 2]))]
    ids = list(range(1, rng.randint(3, 9)))
    length = rng.randint(*steps)
    script = []
    if not chance(rng, 0.05):
        script.append(dict(op="elapse", duration=rng.choice([0, 2, 10]) * step))
    script += [step_of(rng, assets, step, depth, ids) for _ in range(length)]
    if chance(rng, 0.5):
        script += [dict(op="record"), dict(op="elapse", duration=1000 * step), dict(op="record")]
    probes = {}
    for i, a in enumerate(assets):
        if chance(rng, 0.3):
            probes[str(i)] = list(range(a["center"] - 6, a["center"] + 7, 2))
    for a in assets:
        del a["center"], a["time_step"]
    return dict(name=name, generator="Tools/differential/fuzz.py", engine="hftbacktest 2.4.4", kind="backtest",
                sections=[], description="A random market and script.", event_columns=EVENT_COLUMNS, depth=depth,
                assets=assets, probe_ticks=probes, show_queue=True, script=script)
