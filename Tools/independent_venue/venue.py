"""A small exchange that speaks Binance's protocol, written from recorded payloads and the venue's documentation alone.

It shares no code with this project: what it takes for granted is not what `hbt exchange` takes for granted. Messages
come with their keys in any order, with fields that nobody asked for, odd white space and numbers with more zeros than
needed; update ids jump; pings come often and every socket is closed now and then.

    pip install aiohttp
    python Tools/independent_venue/venue.py --market usdm --port 9001
    python Tools/independent_venue/venue.py --market spot --port 9002 --life 20

GET /admin/state says what the account has, which orders there were, and what no real venue would have been sent.
"""
import argparse
import asyncio
import collections
import hashlib
import hmac
import json
import random
import time
import urllib.parse

from aiohttp import WSMsgType, web

KEY, SECRET = "other-key", "other-secret"


def now_ms():
    return int(time.time() * 1000)


class Words:
    """JSON as another program might write it: same meaning, other bytes."""

    def __init__(self, seed):
        self.random = random.Random(seed)

    def odd(self, value, depth=0):
        if isinstance(value, dict):
            items = [(key, self.odd(entry, depth + 1)) for key, entry in value.items()]
            if self.random.random() < 0.3:
                items.append(self.random.choice([
                    ("zz", None), ("xtra", {"a": [1, -2.5e3, {"b": []}]}), ("note", "caf\u00e9 \"quoted\" \\ / \u20bf"), ("flags", [True, False, None]),
                    ("rank", 12345678901234567890), ("ratio", 0.0001)]))
            self.random.shuffle(items)
            return dict(items)
        if isinstance(value, list):
            return [self.odd(entry, depth + 1) if isinstance(entry, dict) else entry for entry in value]
        return value

    def text(self, value):
        style = self.random.random()
        separators = (",", ":") if style < 0.6 else (", ", ": ") if style < 0.9 else (" ,\t", " : ")
        text = json.dumps(self.odd(value), separators=separators, ensure_ascii=self.random.random() < 0.5)
        return text if style < 0.95 else f" \r\n{text}\n"


class Refusal(Exception):
    def __init__(self, code, message, status=400):
        super().__init__(message)
        self.code, self.message, self.status = code, message, status


class Venue:
    def __init__(self, plan):
        self.plan = plan
        self.market = plan.market
        self.is_spot = plan.market == "spot"
        self.random = random.Random(plan.seed)
        self.words = Words(plan.seed + 1)
        self.symbol, self.other = "BTCUSDT", "ETHUSDT"
        self.digits, self.lot_digits = (2, 5) if self.is_spot else (2, 3)
        self.tick, self.lot = (0.01, 0.00001) if self.is_spot else (0.1, 0.001)
        self.steps_per_tick = round(self.tick * 100)
        self.mid = 600_000 * 10 if self.is_spot else 600_000
        self.bids, self.asks = {}, {}
        self.update_id = 7_000_000_000_000
        self.sent_id = self.update_id
        self.changed = (set(), set())
        self.trade_id, self.order_id = 5_000_000_000, 8_000_000_000
        self.sockets = []
        self.listen_key = None
        self.orders = collections.OrderedDict()
        self.trades = []
        self.position, self.entry = 0.0, 0.0
        self.balances = {"USDT": 100_000.0, "BTC": 5.0 if self.is_spot else 0.0, "BNB": 3.0}
        self.complaints = []
        self.requests = collections.Counter()
        self.countdown = None
        self.sockets_closed = 0
        for i in range(1, 301):
            self.bids[self.mid - i] = self.size()
            self.asks[self.mid + i] = self.size()

    # numbers

    def size(self):
        return self.random.randint(1, 400)

    def price(self, tick):
        return f"{tick * self.tick:.{8 if self.is_spot else self.digits}f}"

    def quantity(self, lots):
        return f"{lots * self.lot:.{8 if self.is_spot else self.lot_digits}f}"

    def amount(self, value, digits=8):
        return f"{value:.{digits}f}"

    # the market

    def set_level(self, side, tick, lots):
        book = (self.bids, self.asks)[side]
        if lots:
            book[tick] = lots
        else:
            book.pop(tick, None)
        self.changed[side].add(tick)
        # The venue numbers the changes of all symbols together.
        self.update_id += self.random.randint(1, 9)

    def move(self):
        step = self.random.choice([-2, -1, -1, 0, 0, 0, 1, 1, 2])
        self.mid += step
        for tick in [t for t in self.bids if t >= self.mid]:
            self.set_level(0, tick, 0)
        for tick in [t for t in self.asks if t <= self.mid]:
            self.set_level(1, tick, 0)
        for i in range(1, 4):
            if self.mid - i not in self.bids:
                self.set_level(0, self.mid - i, self.size())
            if self.mid + i not in self.asks:
                self.set_level(1, self.mid + i, self.size())
        for _ in range(self.random.randint(0, 6)):
            side, away = self.random.randint(0, 1), self.random.randint(1, 40)
            self.set_level(side, self.mid + (away if side else -away), self.size() if self.random.random() < 0.8 else 0)
        messages = []
        for _ in range(self.random.randint(0, 2)):
            buys = self.random.random() < 0.5
            book = self.asks if buys else self.bids
            if not book:
                continue
            tick = min(book) if buys else max(book)
            messages += self.trade(tick, self.random.randint(1, 30), buys)
        self.match()
        return messages

    def trade(self, tick, lots, taker_buys):
        self.trade_id += 1
        ms = now_ms()
        body = {"e": "trade", "E": ms, "s": self.symbol, "t": self.trade_id, "p": self.price(tick), "q": self.quantity(lots), "T": ms - 1,
                "m": not taker_buys}
        body.update({"M": True} if self.is_spot else {"X": "MARKET"})
        out = [(f"{self.symbol.lower()}@trade", body)]
        if not self.is_spot and self.random.random() < 0.05:
            # Insurance fund trades are in the stream and are none.
            out.append((f"{self.symbol.lower()}@trade", {**body, "X": "NA", "p": "0", "q": "0", "t": self.trade_id}))
        for order in self.open_orders():
            if order["side"] == ("SELL" if taker_buys else "BUY") and (tick >= order["tick"] if taker_buys else tick <= order["tick"]):
                self.fill(order, min(lots, order["lots"] - order["done"]), order["tick"], True)
        return out

    def depth_message(self):
        bids, asks = sorted(self.changed[0], reverse=True), sorted(self.changed[1])
        if not bids and not asks:
            return None
        ms = now_ms()
        body = {"e": "depthUpdate", "E": ms, "s": self.symbol, "U": self.sent_id + 1, "u": self.update_id,
                "b": [[self.price(t), self.quantity(self.bids.get(t, 0))] for t in bids],
                "a": [[self.price(t), self.quantity(self.asks.get(t, 0))] for t in asks]}
        if not self.is_spot:
            # Ids of other symbols lie between: only pu joins one message to the next.
            body["U"] = self.sent_id + self.random.randint(1, max(1, self.update_id - self.sent_id))
            body.update({"T": ms - 2, "pu": self.sent_id})
        self.sent_id = self.update_id
        self.changed = (set(), set())
        return body

    def ticker(self):
        bid, ask = max(self.bids), min(self.asks)
        body = {"u": self.update_id, "s": self.symbol, "b": self.price(bid), "B": self.quantity(self.bids[bid]), "a": self.price(ask),
                "A": self.quantity(self.asks[ask])}
        if not self.is_spot:
            body.update({"e": "bookTicker", "T": now_ms() - 2, "E": now_ms()})
        return body

    async def run(self):
        beat = 0
        while True:
            await asyncio.sleep(0.05)
            beat += 1
            name = self.symbol.lower()
            messages = self.move()
            if not self.is_spot or beat % 2 == 0:
                depth = self.depth_message()
                if depth:
                    messages += [(f"{name}@depth{speed}", depth) for speed in ("", "@100ms", "@0ms", "@500ms")]
            messages.append((f"{name}@bookTicker", self.ticker()))
            if beat % 20 == 0 and not self.is_spot:
                mark = self.amount(self.mid * self.tick)
                messages.append((f"{name}@markPrice@1s", {
                    "e": "markPriceUpdate", "E": now_ms(), "s": self.symbol, "p": mark, "P": mark, "i": mark, "r": "0.00010000",
                    "T": (now_ms() // 28_800_000 + 1) * 28_800_000}))
            for stream, body in messages:
                await self.publish(stream, body)
            if self.countdown and time.time() > self.countdown:
                self.countdown = None
                for order in self.open_orders():
                    self.cancel(order)
            await self.tell_pending()
            for socket in list(self.sockets):
                if time.time() - socket.began > self.plan.life:
                    self.sockets_closed += 1
                    if self.is_spot:
                        await socket.send(json.dumps({"e": "serverShutdown", "E": now_ms()}))
                    await socket.close()
                elif beat % 60 == 0:
                    await socket.ping()

    async def publish(self, stream, body):
        for socket in list(self.sockets):
            if stream in socket.streams:
                await socket.send(self.words.text({"stream": stream, "data": body} if socket.combined else body))

    # the account

    pending = ()

    def tell(self, body):
        self.pending = (*self.pending, body)

    async def tell_pending(self):
        waiting, self.pending = self.pending, ()
        for body in waiting:
            for socket in list(self.sockets):
                if self.listen_key and self.listen_key in socket.streams:
                    text = self.words.text({"stream": self.listen_key, "data": body} if socket.combined else body)
                    await socket.send(text)

    def open_orders(self):
        return [order for order in self.orders.values() if order["status"] in ("NEW", "PARTIALLY_FILLED")]

    def match(self):
        bid, ask = max(self.bids), min(self.asks)
        for order in self.open_orders():
            if order["side"] == "BUY" and ask <= order["tick"] or order["side"] == "SELL" and bid >= order["tick"]:
                self.fill(order, order["lots"] - order["done"], order["tick"], True)

    def fill(self, order, lots, tick, is_maker):
        if lots <= 0:
            return
        order["done"] += lots
        order["value"] += lots * tick
        order["status"] = "FILLED" if order["done"] >= order["lots"] else "PARTIALLY_FILLED"
        order["updated"] = now_ms()
        self.trade_id += 1
        signed = lots * self.lot * (1 if order["side"] == "BUY" else -1)
        price = tick * self.tick
        fee = abs(signed) * price * (0.0002 if is_maker else 0.0005)
        if self.is_spot:
            self.balances["BTC"] += signed
            self.balances["USDT"] -= signed * price + fee
        else:
            self.balances["USDT"] -= fee
        self.position += signed
        fill = {"lots": lots, "tick": tick, "fee": fee, "id": self.trade_id, "maker": is_maker}
        self.trades.append({**fill, "order": order["id"], "side": order["side"], "ms": now_ms()})
        if not self.is_spot:
            self.tell({"e": "ACCOUNT_UPDATE", "T": now_ms(), "E": now_ms(), "a": {
                "m": "ORDER", "B": [{"a": "USDT", "wb": self.amount(self.balances["USDT"]), "cw": self.amount(self.balances["USDT"])}],
                "P": [{"s": self.symbol, "pa": self.amount(self.position, 3), "ep": self.price(tick), "cr": "0", "up": "0", "mt": "cross", "iw": "0",
                       "ps": "BOTH", "ma": "USDT"},
                      {"s": self.symbol, "pa": "0", "ep": "0.00000", "cr": "0", "up": "0", "mt": "cross", "iw": "0", "ps": "LONG", "ma": "USDT"}]}})
            if self.random.random() < 0.5:
                self.tell({"e": "TRADE_LITE", "E": now_ms(), "T": now_ms(), "s": self.symbol, "q": self.quantity(order["lots"]), "p": self.price(order["tick"]),
                           "m": is_maker, "c": order["name"], "S": order["side"], "L": self.price(tick), "l": self.quantity(lots), "t": self.trade_id,
                           "i": order["id"]})
        self.tell(self.update(order, "TRADE", fill))
        if self.is_spot:
            self.tell({"e": "outboundAccountPosition", "E": now_ms(), "u": now_ms(), "B": [
                {"a": asset, "f": self.amount(value), "l": "0.00000000"} for asset, value in self.balances.items()]})

    def update(self, order, execution, fill=None):
        ms = now_ms()
        last = {"l": self.quantity(fill["lots"] if fill else 0), "L": self.price(fill["tick"] if fill else 0)}
        if self.is_spot:
            body = {"e": "executionReport", "E": ms, "s": self.symbol, "c": order["name"], "S": order["side"], "o": order["type"], "f": order["tif"],
                    "q": self.quantity(order["lots"]), "p": self.price(order["tick"]), "P": "0.00000000", "F": "0.00000000", "g": -1, "C": "",
                    "x": execution, "X": order["status"], "r": "NONE", "i": order["id"], "z": self.quantity(order["done"]), **last,
                    "n": self.amount(fill["fee"]) if fill else "0", "N": "USDT" if fill else None, "T": ms, "t": fill["id"] if fill else -1, "I": 99,
                    "w": order["status"] in ("NEW", "PARTIALLY_FILLED"), "m": bool(fill and fill["maker"]), "M": False, "O": order["ms"],
                    "Z": self.amount(order["value"] * self.tick * self.lot), "Y": "0.00000000", "Q": "0.00000000", "W": order["ms"], "V": "EXPIRE_MAKER"}
            if execution == "CANCELED":
                body.update({"c": "web_cancel_" + str(order["id"]), "C": order["name"]})
            return body
        inner = {"s": self.symbol, "c": order["name"], "S": order["side"], "o": order["type"], "f": order["tif"], "q": self.quantity(order["lots"]),
                 "p": self.price(order["tick"]), "ap": self.average(order), "sp": "0", "x": execution, "X": order["status"], "i": order["id"],
                 "z": self.quantity(order["done"]), **last, "T": ms, "t": fill["id"] if fill else 0, "b": "0", "a": "9.91", "m": bool(fill and fill["maker"]),
                 "R": False, "wt": "CONTRACT_PRICE", "ot": order["type"], "ps": "BOTH", "cp": False, "rp": "0", "pP": False, "si": 0, "ss": 0}
        if fill:
            inner.update({"n": self.amount(fill["fee"]), "N": "USDT"})
        return {"e": "ORDER_TRADE_UPDATE", "T": ms, "E": ms + 1, "o": inner}

    def average(self, order):
        return f"{order['value'] / order['done'] * self.tick:.5f}" if order["done"] else "0.00"

    def cancel(self, order, status="CANCELED"):
        order.update(status=status, updated=now_ms())
        self.tell(self.update(order, status))

    def place(self, q):
        for name in ("symbol", "side", "type"):
            if not q.get(name):
                raise Refusal(-1102, f"Mandatory parameter '{name}' was not sent, was empty/null, or malformed.")
        if q["symbol"] != self.symbol:
            raise Refusal(-1121, "Invalid symbol.")
        lots = self.steps(q.get("quantity"), self.lot, "quantity")
        kind, tif = q["type"], q.get("timeInForce", "GTC")
        if kind not in ("LIMIT", "MARKET") + (("LIMIT_MAKER",) if self.is_spot else ()):
            raise Refusal(-1116, "Invalid orderType.")
        if kind == "LIMIT" and "timeInForce" not in q:
            raise Refusal(-1102, "Mandatory parameter 'timeInForce' was not sent, was empty/null, or malformed.")
        if kind == "LIMIT" and tif not in (("GTC", "IOC", "FOK") if self.is_spot else ("GTC", "IOC", "FOK", "GTX", "GTD")):
            raise Refusal(-1115, "Invalid timeInForce.")
        name = q.get("newClientOrderId") or f"auto{self.order_id + 1}"
        if len(name) > 36:
            raise Refusal(-4015, "Client order id length should be less than 36 chars")
        if any(order["name"] == name for order in self.open_orders()):
            raise Refusal(-2010, "Duplicate order sent.") if self.is_spot else Refusal(-4116, "ClientOrderId is duplicated.")
        if any(order["name"] == name for order in self.orders.values()):
            self.complaints.append(f"client order id {name} used twice")
        bid, ask = max(self.bids), min(self.asks)
        tick = 0 if kind == "MARKET" else self.steps(q.get("price"), self.tick, "price")
        reference = tick or (ask if q["side"] == "BUY" else bid)
        if lots * self.lot * reference * self.tick < 5:
            raise Refusal(-1013, "Filter failure: NOTIONAL") if self.is_spot else Refusal(-4164, "Order's notional must be no smaller than 5 (unless you choose reduce only).")
        crosses = kind == "MARKET" or (tick >= ask if q["side"] == "BUY" else tick <= bid)
        if crosses and kind == "LIMIT_MAKER":
            raise Refusal(-2010, "Order would immediately match and take.")
        if crosses and tif == "GTX":
            raise Refusal(-5022, "Due to the order could not be executed as maker, the Post Only order will be rejected.")
        self.order_id += self.random.randint(1, 5000)
        order = {"id": self.order_id, "name": name, "side": q["side"], "type": kind, "tif": tif, "tick": tick, "lots": lots, "done": 0, "value": 0,
                 "status": "NEW", "ms": now_ms(), "updated": now_ms(), "tick0": tick}
        self.orders[order["id"]] = order
        self.tell(self.update(order, "NEW"))
        if crosses:
            self.fill(order, lots, ask if q["side"] == "BUY" else bid, False)
        elif tif in ("IOC", "FOK"):
            self.cancel(order, "EXPIRED")
        return order

    def steps(self, text, step, name):
        if not text:
            raise Refusal(-1102, f"Mandatory parameter '{name}' was not sent, was empty/null, or malformed.")
        if not all(c.isdigit() or c == "." for c in text):
            raise Refusal(-1100, f"Illegal characters found in parameter '{name}'; legal range is '^([0-9]{{1,20}})(\\.[0-9]{{1,20}})?$'.")
        value = float(text) / step
        if abs(value - round(value)) > 1e-6 or round(value) < 1:
            raise Refusal(-1013, f"Filter failure: {'LOT_SIZE' if name == 'quantity' else 'PRICE_FILTER'}") if self.is_spot else Refusal(-1111, "Precision is over the maximum defined for this asset.")
        return round(value)

    def find(self, q):
        for order in reversed(self.orders.values()):
            if q.get("orderId") and str(order["id"]) == q["orderId"] or q.get("origClientOrderId") == order["name"]:
                return order
        return None

    def shown(self, order, verb):
        quote = self.amount(order["value"] * self.tick * self.lot)
        body = {"symbol": self.symbol, "orderId": order["id"], "clientOrderId": order["name"], "price": self.price(order["tick"]),
                "origQty": self.quantity(order["lots"]), "executedQty": self.quantity(order["done"]), "status": order["status"], "timeInForce": order["tif"],
                "type": order["type"], "side": order["side"], "stopPrice": "0.00000000", "selfTradePreventionMode": "EXPIRE_MAKER"}
        if self.is_spot:
            body.update({"orderListId": -1, "cummulativeQuoteQty": quote, "icebergQty": "0.00000000", "origQuoteOrderQty": "0.00000000"})
            body.update({"time": order["ms"], "updateTime": order["updated"], "isWorking": True, "workingTime": order["ms"]} if verb == "query"
                        else {"transactTime": order["updated"]})
            if verb == "cancel":
                body.update({"origClientOrderId": order["name"], "clientOrderId": f"web_cancel_{order['id']}"})
            if verb == "full":
                body["fills"] = [{"price": self.price(t["tick"]), "qty": self.quantity(t["lots"]), "commission": self.amount(t["fee"]), "commissionAsset": "USDT",
                                  "tradeId": t["id"]} for t in self.trades if t["order"] == order["id"]]
            return body
        body.update({"avgPrice": self.average(order), "cumQuote": quote, "reduceOnly": False, "closePosition": False, "positionSide": "BOTH",
                     "workingType": "CONTRACT_PRICE", "priceProtect": False, "origType": order["type"], "priceMatch": "NONE", "goodTillDate": 0,
                     "updateTime": order["updated"]})
        body.update({"time": order["ms"]} if verb == "query" else {"cumQty": self.quantity(order["done"])})
        return body

    # REST

    def check(self, request, q, body):
        if request.headers.get("X-MBX-APIKEY") != KEY:
            raise Refusal(-2015, "Invalid API-key, IP, or permissions for action.", 401)
        signed = request.rel_url.raw_query_string + body
        at = signed.rfind("&signature=")
        mark = hmac.new(SECRET.encode(), signed[:at].encode(), hashlib.sha256).hexdigest()
        if at < 0 or q.get("signature") != mark:
            self.complaints.append(f"bad signature: {request.path}")
            raise Refusal(-1022, "Signature for this request is not valid.")
        age = now_ms() - int(q.get("timestamp", 0))
        if age > int(q.get("recvWindow", 5000)) or age < -1000:
            raise Refusal(-1021, "Timestamp for this request is outside of the recvWindow.")

    async def rest(self, request):
        body = (await request.read()).decode()
        q = dict(urllib.parse.parse_qsl(request.rel_url.raw_query_string + "&" + body, keep_blank_values=True))
        name = request.match_info["name"]
        self.requests[f"{request.method} {name}"] += 1
        headers = {"x-mbx-used-weight": "1", "X-MBX-USED-WEIGHT-1M": str(self.requests.total() % 1000), "x-mbx-uuid": "9f0d", "Via": "1.1 cdn"}
        try:
            answer = self.answer(request, request.method, name, q, body)
            return web.Response(text=self.words.text(answer), content_type="application/json", charset="UTF-8", headers=headers)
        except Refusal as refusal:
            return web.Response(status=refusal.status, text=json.dumps({"code": refusal.code, "msg": refusal.message}), content_type="application/json",
                                headers=headers)
        finally:
            await self.tell_pending()

    def answer(self, request, method, name, q, body):
        match (method, name):
            case ("GET", "ping"): return {}
            case ("GET", "time"): return {"serverTime": now_ms()}
            case ("GET", "exchangeInfo"): return self.info()
            case ("GET", "depth"):
                limit = int(q.get("limit", 100))
                answer = {"lastUpdateId": self.update_id,
                          "bids": [[self.price(t), self.quantity(self.bids[t])] for t in sorted(self.bids, reverse=True)[:limit]],
                          "asks": [[self.price(t), self.quantity(self.asks[t])] for t in sorted(self.asks)[:limit]]}
                if not self.is_spot:
                    answer.update({"E": now_ms(), "T": now_ms() - 3})
                return answer
        if name in ("listenKey", "userDataStream"):
            if request.headers.get("X-MBX-APIKEY") != KEY:
                raise Refusal(-2015, "Invalid API-key, IP, or permissions for action.", 401)
            if method == "POST":
                self.listen_key = self.listen_key or "".join(self.random.choice("abcdefXYZ0123456789") for _ in range(64))
                return {"listenKey": self.listen_key}
            if not self.listen_key:
                raise Refusal(-1125, "This listenKey does not exist.")
            if method == "DELETE":
                self.listen_key = None
            return {}
        self.check(request, q, body)
        match (method, name):
            case ("POST", "order"):
                order = self.place(q)
                return self.shown(order, {"FULL": "full"}.get(q.get("newOrderRespType", "FULL"), "new"))
            case ("PUT", "order") if not self.is_spot: return self.amend(q)
            case ("DELETE", "order"):
                order = self.find(q)
                if not order or order not in self.open_orders():
                    raise Refusal(-2011, "Unknown order sent.")
                self.cancel(order)
                return self.shown(order, "cancel")
            case ("GET", "order"):
                order = self.find(q)
                if not order:
                    raise Refusal(-2013, "Order does not exist.")
                return self.shown(order, "query")
            case ("GET", "openOrders"): return [self.shown(order, "query") for order in self.open_orders()]
            case ("DELETE", "openOrders") if self.is_spot:
                canceled = self.open_orders()
                if not canceled:
                    raise Refusal(-2011, "Unknown order sent.")
                for order in canceled:
                    self.cancel(order)
                return [self.shown(order, "cancel") for order in canceled]
            case ("DELETE", "allOpenOrders") if not self.is_spot:
                for order in self.open_orders():
                    self.cancel(order)
                return {"code": 200, "msg": "The operation of cancel all open order is done."}
            case ("POST", "countdownCancelAll") if not self.is_spot:
                span = int(q["countdownTime"])
                self.countdown = time.time() + span / 1000 if span else None
                return {"symbol": self.symbol, "countdownTime": q["countdownTime"]}
            case ("GET", "positionRisk") if not self.is_spot:
                return [{"symbol": symbol, "positionAmt": self.amount(amount, 3), "entryPrice": "0.0", "breakEvenPrice": "0.0", "markPrice": "0", "unRealizedProfit": "0",
                         "liquidationPrice": "0", "leverage": "20", "maxNotionalValue": "1", "marginType": "cross", "isolatedMargin": "0.0",
                         "isAutoAddMargin": "false", "positionSide": "BOTH", "notional": "0", "isolatedWallet": "0", "updateTime": 0}
                        for symbol, amount in [(self.other, 0.0), (self.symbol, self.position)]]
            case ("GET", "account") if self.is_spot:
                return {"makerCommission": 2, "takerCommission": 5, "canTrade": True, "updateTime": now_ms(), "accountType": "SPOT", "permissions": ["SPOT"],
                        "balances": [{"asset": a, "free": self.amount(v), "locked": "0.00000000"} for a, v in self.balances.items()], "uid": 1}
            case ("GET", "userTrades" | "myTrades"):
                return [{"symbol": self.symbol, "id": t["id"], "orderId": t["order"], "side": t["side"], "price": self.price(t["tick"]), "qty": self.quantity(t["lots"]),
                         "quoteQty": "0", "realizedPnl": "0", "commission": self.amount(t["fee"]), "commissionAsset": "USDT", "time": t["ms"],
                         "buyer": t["side"] == "BUY", "isBuyer": t["side"] == "BUY", "maker": t["maker"], "isMaker": t["maker"], "positionSide": "BOTH"}
                        for t in self.trades if not q.get("orderId") or str(t["order"]) == q["orderId"]]
        self.complaints.append(f"no such call: {method} {request.path}")
        raise Refusal(-5000, f"Path {request.path}, Method {method} is invalid", 404)

    def amend(self, q):
        order = self.find(q)
        if not order or order not in self.open_orders():
            raise Refusal(-2013, "Order does not exist.")
        lots, tick = self.steps(q.get("quantity"), self.lot, "quantity"), self.steps(q.get("price"), self.tick, "price")
        if (lots, tick) == (order["lots"], order["tick"]):
            raise Refusal(-5027, "No need to modify the order.")
        order.update(lots=lots, tick=tick, updated=now_ms())
        self.tell(self.update(order, "AMENDMENT"))
        return self.shown(order, "new")

    def info(self):
        def symbol(name, base, tick, lot, status="TRADING"):
            body = {"symbol": name, "status": status, "baseAsset": base, "quoteAsset": "USDT", "baseAssetPrecision": 8, "quotePrecision": 8,
                    "orderTypes": ["LIMIT", "MARKET", "STOP_MARKET", "A_NEW_TYPE"], "timeInForce": ["GTC", "IOC", "FOK", "GTX", "GTD", "RPI"]}
            filters = [{"filterType": "PRICE_FILTER", "minPrice": f"{tick}0", "maxPrice": "1000000.00000000", "tickSize": f"{tick}"},
                       {"filterType": "LOT_SIZE", "minQty": lot, "maxQty": "9000.00000000", "stepSize": lot},
                       {"filterType": "MARKET_LOT_SIZE", "minQty": "0.00000000", "maxQty": "120.5", "stepSize": "0.00000000" if self.is_spot else lot},
                       {"filterType": "A_FILTER_OF_TOMORROW", "limits": [1, 2, {"x": None}]}]
            if self.is_spot:
                filters += [{"filterType": "NOTIONAL", "minNotional": "5.00000000", "applyMinToMarket": True, "maxNotional": "9000000.00000000",
                             "applyMaxToMarket": False, "avgPriceMins": 5}, {"filterType": "MAX_NUM_ORDERS", "maxNumOrders": 200},
                            {"filterType": "PERCENT_PRICE_BY_SIDE", "bidMultiplierUp": "5", "bidMultiplierDown": "0.2", "askMultiplierUp": "5", "askMultiplierDown": "0.2", "avgPriceMins": 5},
                            {"filterType": "TRAILING_DELTA", "minTrailingAboveDelta": 10, "maxTrailingAboveDelta": 2000}, {"filterType": "ICEBERG_PARTS", "limit": 10}]
                body.update({"permissions": [], "permissionSets": [["SPOT", "MARGIN", "TRD_GRP_004"]], "isSpotTradingAllowed": True, "ocoAllowed": True,
                             "otoAllowed": True, "quoteAssetPrecision": 8, "allowedSelfTradePreventionModes": ["EXPIRE_MAKER"]})
            else:
                filters += [{"filterType": "MAX_NUM_ORDERS", "limit": 200}, {"filterType": "MIN_NOTIONAL", "notional": "5"},
                            {"filterType": "PERCENT_PRICE", "multiplierUp": "1.0500", "multiplierDown": "0.9500", "multiplierDecimal": "4"}]
                body.update({"pair": name, "contractType": "PERPETUAL", "deliveryDate": 4133404800000, "onboardDate": 1569398400000, "marginAsset": "USDT",
                             "pricePrecision": 2, "quantityPrecision": 3, "underlyingSubType": ["PoW"], "triggerProtect": "0.0500", "liquidationFee": "0.012500",
                             "maintMarginPercent": "2.5000", "requiredMarginPercent": "5.0000", "permissionSets": ["GRID", "COPY"]})
            self.random.shuffle(filters)
            return {**body, "filters": filters}

        tick, lot = ("0.01000000", "0.00001000") if self.is_spot else ("0.10", "0.001")
        symbols = [symbol(f"{base}USDT", base, "0.00010", "0.10000000", self.random.choice(["TRADING", "BREAK", "SETTLING"])) for base in
                   ("ADA", "XRP", "1000SHIB", "\u5e01\u5b89\u4eba\u751f", "DOGE")]
        symbols += [symbol(self.symbol, "BTC", tick, lot), symbol(self.other, "ETH", tick, lot)]
        answer = {"timezone": "UTC", "serverTime": now_ms(), "exchangeFilters": [], "symbols": symbols, "sors": [{"baseAsset": "BTC", "symbols": ["BTCUSDT"]}],
                  "rateLimits": [{"rateLimitType": "RAW_REQUESTS", "interval": "MINUTE", "intervalNum": 5, "limit": 61000}]}
        if not self.is_spot:
            answer.update({"futuresType": "U_MARGINED", "assets": [{"asset": "USDT", "marginAvailable": True, "autoAssetExchange": None}]})
        return answer

    # sockets

    async def socket(self, request):
        path = request.path
        combined = path.endswith("/stream")
        streams = request.query.get("streams", "").split("/") if combined else path.split("/ws", 1)[1].strip("/").split("/")
        if request.query.get("listenKey"):
            streams.append(request.query["listenKey"])
        socket = Socket(combined, {name for name in streams if name})
        await socket.open(request)
        self.sockets.append(socket)
        try:
            async for message in socket.ws:
                if message.type != WSMsgType.TEXT:
                    continue
                asked = json.loads(message.data)
                names = asked.get("params") or []
                if asked.get("method") == "SUBSCRIBE":
                    socket.streams |= set(names)
                elif asked.get("method") == "UNSUBSCRIBE":
                    socket.streams -= set(names)
                await socket.send(json.dumps({"result": None, "id": asked.get("id")}))
        finally:
            self.sockets.remove(socket)
        return socket.ws

    async def state(self, _):
        history = [{"name": o["name"], "status": o["status"], "done": round(o["done"] * self.lot, 8)} for o in self.orders.values()]
        return web.json_response({
            "position": round(self.position, 8), "balances": self.balances, "open": [o["name"] for o in self.open_orders()], "orders": history,
            "trades": len(self.trades), "complaints": self.complaints, "requests": self.requests, "sockets_closed": self.sockets_closed})


class Socket:
    def __init__(self, combined, streams):
        self.combined, self.streams, self.began = combined, streams, time.time()
        self.ws = web.WebSocketResponse(autoping=True, heartbeat=None, compress=False)

    async def open(self, request):
        await self.ws.prepare(request)

    async def send(self, text):
        try:
            await self.ws.send_str(text)
        except (ConnectionError, RuntimeError):
            pass

    async def ping(self):
        try:
            await self.ws.ping(str(now_ms()).encode())
        except (ConnectionError, RuntimeError):
            pass

    async def close(self):
        await self.ws.close(code=1001, message=b"24 hours")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--market", choices=["usdm", "spot"], default="usdm")
    parser.add_argument("--port", type=int, default=9001)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--life", type=float, default=86_400, help="seconds after which every socket is closed")
    plan = parser.parse_args()
    venue = Venue(plan)
    app = web.Application()
    root = "/api/v3" if venue.is_spot else "/fapi/v{version:[1-3]}"
    app.router.add_route("*", root + "/{name}", venue.rest)
    app.router.add_get("/admin/state", venue.state)
    for path in ("/ws", "/ws/{names:.*}", "/stream", "/private/ws", "/public/stream", "/market/stream", "/public/ws", "/market/ws"):
        app.router.add_get(path, venue.socket)

    async def begin(_):
        venue.task = asyncio.create_task(venue.run())

    app.on_startup.append(begin)
    web.run_app(app, host="127.0.0.1", port=plan.port, print=lambda _: None)


main()
