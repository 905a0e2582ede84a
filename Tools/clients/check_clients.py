"""Unmodified ccxt and python-binance against a running `hbt exchange`.

    pip install ccxt python-binance
    hbt exchange --port 8080 &
    python Tools/clients/check_clients.py http://127.0.0.1:8080

Prints one line a check; exits 1 when one fails.
"""
import asyncio
import sys
import traceback

BASE = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8080"
WS = BASE.replace("http", "ws", 1)
KEY, SECRET = "paper-key", "paper-secret"
failed = 0


def check(name, ok, detail=""):
    global failed
    failed += not ok
    print(("PASS " if ok else "FAIL ") + name + (f": {detail}" if detail and not ok else ""))


def attempt(name, act):
    try:
        return act()
    except Exception as error:
        check(name, False, f"{type(error).__name__} {error}")
        traceback.print_exc()


def rebased(value):
    """The client's own addresses with our host in place of the venue's.

    Streams keep the venue's host as the first part of the path: on one port, /ws of spot and of USD-M are
    the same, and ccxt.pro itself tells markets by it.
    """
    if isinstance(value, dict):
        return {k: rebased(v) for k, v in value.items()}
    if isinstance(value, str) and "://" in value and "binance" in value:
        scheme, rest = value.split("://", 1)
        path = rest[rest.index("/"):] if "/" in rest else ""
        return f"{WS}/{rest}" if scheme.startswith("ws") else BASE + path
    return value


def ccxt_market(kind, symbol):
    import ccxt

    client = getattr(ccxt, kind)({"apiKey": KEY, "secret": SECRET})
    client.urls["api"] = rebased(client.urls["api"])
    name = f"ccxt {kind}"
    client.load_markets()
    market = client.market(symbol)
    check(f"{name} markets", market["precision"]["price"] > 0)
    book = client.fetch_order_book(symbol, limit=20)
    check(f"{name} order book", len(book["bids"]) > 0 and book["bids"][0][0] < book["asks"][0][0])
    ticker = client.fetch_ticker(symbol)
    check(f"{name} ticker", ticker["symbol"] == symbol)
    check(f"{name} trades", isinstance(client.fetch_trades(symbol), list))
    check(f"{name} candles", isinstance(client.fetch_ohlcv(symbol, "1m"), list))
    check(f"{name} balance", "total" in client.fetch_balance())
    price = float(client.price_to_precision(symbol, book["bids"][0][0] * 0.97))
    amount = 0.01 if kind != "binancecoinm" else 10
    order = client.create_order(symbol, "limit", "buy", amount, price, {"timeInForce": "GTC"})
    check(f"{name} limit order", order["status"] == "open", order)
    check(f"{name} open orders", [o["id"] for o in client.fetch_open_orders(symbol)] == [order["id"]])
    check(f"{name} fetch order", client.fetch_order(order["id"], symbol)["status"] == "open")
    check(f"{name} cancel", client.cancel_order(order["id"], symbol)["status"] == "canceled")
    market_order = client.create_order(symbol, "market", "buy", amount)
    fetched = client.fetch_order(market_order["id"], symbol)
    check(f"{name} market order", fetched["status"] == "closed" and fetched["filled"] == amount, fetched)
    check(f"{name} own trades", len(client.fetch_my_trades(symbol)) >= 1)
    if kind != "binance":
        positions = client.fetch_positions([symbol])
        check(f"{name} position", len(positions) == 1 and positions[0]["contracts"] == amount, positions)
        closed = client.create_order(symbol, "market", "sell", amount, None, {"reduceOnly": True})
        check(f"{name} close", closed["id"] is not None)
    try:
        client.create_order(symbol, "limit", "buy", amount, price * 0.01)
        check(f"{name} filters", False, "a price far away was accepted")
    except ccxt.BaseError as error:
        check(f"{name} filters", any(word in str(error) for word in ("PERCENT_PRICE", "-4024")), str(error))


def ccxt_hedge(kind, symbol):
    """Hedge mode, trailing stops and stops; everything is closed again at the end."""
    import ccxt

    client = getattr(ccxt, kind)({"apiKey": KEY, "secret": SECRET})
    client.urls["api"] = rebased(client.urls["api"])
    name = f"ccxt {kind} hedge mode"
    client.load_markets()
    amount = 0.01 if kind != "binancecoinm" else 10
    for side, closing in [("buy", "sell")]:
        for position in client.fetch_positions([symbol]):
            if position["contracts"]:
                client.create_order(symbol, "market", closing if position["side"] == "long" else side, position["contracts"], None, {"reduceOnly": True})
    client.cancel_all_orders(symbol)
    client.set_position_mode(True, symbol)
    check(f"{name} is on", client.fetch_position_mode(symbol)["hedged"])
    client.create_order(symbol, "market", "buy", amount, None, {"hedged": True})
    client.create_order(symbol, "market", "sell", amount, None, {"positionSide": "SHORT"})
    sides = sorted((p["side"], p["contracts"]) for p in client.fetch_positions([symbol]) if p["contracts"])
    check(f"{name} long and short", sides == [("long", amount), ("short", amount)], sides)
    try:
        client.create_order(symbol, "market", "buy", amount, None, {"positionSide": "BOTH"})
        check(f"{name} positions must be named", False, "an order without one was accepted")
    except ccxt.BaseError as error:
        check(f"{name} positions must be named", "-4061" in str(error), str(error))
    try:
        client.set_position_mode(False, symbol)
        check(f"{name} stays with positions", False, "the mode changed")
    except ccxt.BaseError as error:
        check(f"{name} stays with positions", "-4068" in str(error), str(error))
    price = client.fetch_ticker(symbol)["last"]
    stop = client.create_order(symbol, "market", "sell", amount, None, {
        "positionSide": "LONG", "triggerPrice": client.price_to_precision(symbol, price * 0.9)})
    trail = client.create_order(symbol, "market", "sell", amount, None, {"positionSide": "LONG", "trailingPercent": 1})
    check(f"{name} stop and trailing stop", stop["id"] is not None and trail["id"] is not None, (stop, trail))
    waiting = client.fetch_open_orders(symbol, params={"trigger": True})
    check(f"{name} open stops", sorted(o["id"] for o in waiting) == sorted([stop["id"], trail["id"]]), waiting)
    for order in (stop, trail):
        client.cancel_order(order["id"], symbol, {"trigger": True})
    check(f"{name} stops cancelled", client.fetch_open_orders(symbol, params={"trigger": True}) == [])
    client.create_order(symbol, "market", "sell", amount, None, {"positionSide": "LONG"})
    client.create_order(symbol, "market", "buy", amount, None, {"positionSide": "SHORT"})
    client.set_position_mode(False, symbol)
    check(f"{name} is off", not client.fetch_position_mode(symbol)["hedged"])


async def ccxt_streams(kind, symbol):
    import ccxt.pro as pro

    client = getattr(pro, kind)({"apiKey": KEY, "secret": SECRET})
    client.urls["api"] = rebased(client.urls["api"])
    name = f"ccxt.pro {kind}"
    try:
        await client.load_markets()
        book = await asyncio.wait_for(client.watch_order_book(symbol), 20)
        check(f"{name} order book", len(book["bids"]) > 0 and book["bids"][0][0] < book["asks"][0][0])
        trades = await asyncio.wait_for(client.watch_trades(symbol), 20)
        check(f"{name} trades", len(trades) > 0)
        watching = asyncio.ensure_future(client.watch_orders(symbol))
        await asyncio.sleep(1)
        amount = 0.01 if kind != "binancecoinm" else 10
        order = await client.create_order(symbol, "market", "buy", amount)
        seen = await asyncio.wait_for(watching, 10)
        check(f"{name} user stream", seen[-1]["id"] == order["id"], seen)
    except Exception as error:
        check(name, False, f"{type(error).__name__} {error}")
        traceback.print_exc()
    finally:
        await client.close()


def python_binance():
    from binance.client import Client

    client = Client(KEY, SECRET, ping=False)
    client.API_URL = BASE + "/api"
    client.FUTURES_URL = BASE + "/fapi"
    client.FUTURES_COIN_URL = BASE + "/dapi"
    client.MARGIN_API_URL = BASE + "/sapi"
    name = "python-binance"
    check(f"{name} ping", client.ping() == {})
    check(f"{name} time", client.get_server_time()["serverTime"] > 0)
    check(f"{name} spot depth", len(client.get_order_book(symbol="BTCUSDT")["bids"]) > 0)
    check(f"{name} spot account", client.get_account()["canTrade"])
    order = client.order_limit_buy(symbol="BTCUSDT", quantity="0.01", price="58000.00")
    check(f"{name} spot order", order["status"] == "NEW", order)
    check(f"{name} spot cancel", client.cancel_order(symbol="BTCUSDT", orderId=order["orderId"])["status"] == "CANCELED")
    market = client.order_market_buy(symbol="BTCUSDT", quantity="0.01")
    check(f"{name} spot market order", market["status"] == "FILLED" and len(market["fills"]) > 0, market)
    check(f"{name} futures depth", len(client.futures_order_book(symbol="BTCUSDT")["asks"]) > 0)
    order = client.futures_create_order(symbol="BTCUSDT", side="BUY", type="LIMIT", timeInForce="GTC", quantity="0.01", price="58000")
    check(f"{name} futures order", order["status"] == "NEW", order)
    check(f"{name} futures open orders", len(client.futures_get_open_orders(symbol="BTCUSDT")) == 1)
    client.futures_cancel_order(symbol="BTCUSDT", orderId=order["orderId"])
    client.futures_create_order(symbol="BTCUSDT", side="BUY", type="MARKET", quantity="0.01")
    check(f"{name} futures position", any(float(p["positionAmt"]) != 0 for p in client.futures_position_information(symbol="BTCUSDT")))
    check(f"{name} futures balance", len(client.futures_account_balance()) > 0)
    client.futures_create_order(symbol="BTCUSDT", side="SELL", type="MARKET", quantity="0.01", reduceOnly="true")


def python_binance_more():
    """Order lists on spot, hedge mode and trailing stops on USD-M."""
    from binance.client import Client
    from binance.exceptions import BinanceAPIException

    client = Client(KEY, SECRET, ping=False)
    client.API_URL = BASE + "/api"
    client.FUTURES_URL = BASE + "/fapi"
    name = "python-binance"
    price = float(client.get_symbol_ticker(symbol="BTCUSDT")["price"])
    at = lambda share: f"{price * share:.2f}"
    for build in ("oco", "orderList/oco"):
        if build == "oco":
            made = client._post("order/oco", True, data={
                "symbol": "BTCUSDT", "side": "SELL", "quantity": "0.01", "price": at(1.02), "stopPrice": at(0.98), "stopLimitPrice": at(0.97),
                "stopLimitTimeInForce": "GTC"})
        else:
            made = client.create_oco_order(
                symbol="BTCUSDT", side="SELL", quantity="0.01", aboveType="LIMIT_MAKER", abovePrice=at(1.02), belowType="STOP_LOSS_LIMIT",
                belowPrice=at(0.97), belowStopPrice=at(0.98), belowTimeInForce="GTC")
        check(f"{name} {build}", made["contingencyType"] == "OCO" and len(made["orderReports"]) == 2, made)
        lists = client.get_open_oco_orders() if hasattr(client, "get_open_oco_orders") else client._get("openOrderList", True, data={})
        check(f"{name} {build} open", len(lists) == 1, lists)
        client.cancel_order(symbol="BTCUSDT", orderId=made["orders"][0]["orderId"])
        check(f"{name} {build} ends as one", client.get_open_orders(symbol="BTCUSDT") == [])
    client.futures_cancel_all_open_orders(symbol="BTCUSDT")
    for entry in client.futures_position_information(symbol="BTCUSDT"):
        held = float(entry["positionAmt"])
        if held:
            client.futures_create_order(symbol="BTCUSDT", side="SELL" if held > 0 else "BUY", type="MARKET", quantity=f"{abs(held):.3f}", reduceOnly="true")
    client.futures_change_position_mode(dualSidePosition="true")
    check(f"{name} hedge mode", client.futures_get_position_mode()["dualSidePosition"])
    client.futures_create_order(symbol="BTCUSDT", side="BUY", positionSide="LONG", type="MARKET", quantity="0.01")
    client.futures_create_order(symbol="BTCUSDT", side="SELL", positionSide="SHORT", type="MARKET", quantity="0.02")
    held = {p["positionSide"]: float(p["positionAmt"]) for p in client.futures_position_information(symbol="BTCUSDT")}
    check(f"{name} long and short", (held["LONG"], held["SHORT"]) == (0.01, -0.02), held)
    trail = client._request_futures_api("post", "order", True, data={
        "symbol": "BTCUSDT", "side": "SELL", "positionSide": "LONG", "type": "TRAILING_STOP_MARKET", "quantity": "0.01", "callbackRate": "1"})
    check(f"{name} trailing stop", trail["priceRate"] == "1", trail)
    client.futures_cancel_all_open_orders(symbol="BTCUSDT")
    try:
        client.futures_change_position_mode(dualSidePosition="false")
        check(f"{name} mode stays with positions", False)
    except BinanceAPIException as error:
        check(f"{name} mode stays with positions", error.code == -4068, error)
    client.futures_create_order(symbol="BTCUSDT", side="SELL", positionSide="LONG", type="MARKET", quantity="0.01")
    client.futures_create_order(symbol="BTCUSDT", side="BUY", positionSide="SHORT", type="MARKET", quantity="0.02")
    client.futures_change_position_mode(dualSidePosition="false")


async def python_binance_streams():
    from binance import AsyncClient, BinanceSocketManager

    name = "python-binance streams"
    client = AsyncClient(KEY, SECRET)
    client.API_URL = BASE + "/api"
    client.FUTURES_URL = BASE + "/fapi"
    try:
        manager = BinanceSocketManager(client)
        manager.STREAM_URL = WS + "/spot/"
        manager.FSTREAM_URL = WS + "/"
        if hasattr(client, "ws_api"):
            client.ws_api._url = WS + "/ws-api/v3"
        for attribute in dir(manager):
            value = getattr(manager, attribute, None)
            if attribute.isupper() and isinstance(value, str) and "fstream.binance.com" in value:
                setattr(manager, attribute, WS + value.split("fstream.binance.com", 1)[1])
        async with manager.depth_socket("BTCUSDT") as socket:
            message = await asyncio.wait_for(socket.recv(), 20)
            check(f"{name} spot depth", message["e"] == "depthUpdate", message)
        async with manager.futures_multiplex_socket(["btcusdt@depth@100ms", "btcusdt@bookTicker"]) as socket:
            message = await asyncio.wait_for(socket.recv(), 20)
            check(f"{name} futures", "stream" in message, message)
        async with manager.futures_user_socket() as socket:
            await asyncio.sleep(1)
            await client.futures_create_order(symbol="BTCUSDT", side="BUY", type="MARKET", quantity="0.01")
            message = await asyncio.wait_for(socket.recv(), 10)
            check(f"{name} futures user", message["e"] in ("ORDER_TRADE_UPDATE", "ACCOUNT_UPDATE"), message)
        async with manager.user_socket() as socket:
            await asyncio.sleep(1)
            await client.create_order(symbol="BTCUSDT", side="BUY", type="MARKET", quantity="0.01")
            message = await asyncio.wait_for(socket.recv(), 10)
            check(f"{name} spot user", message.get("e") in ("executionReport", "outboundAccountPosition"), message)
    except Exception as error:
        check(name, False, f"{type(error).__name__} {error}")
        traceback.print_exc()
    finally:
        await client.close_connection()


MARKETS = [("binance", "BTC/USDT"), ("binanceusdm", "BTC/USDT:USDT"), ("binancecoinm", "BTC/USD:BTC")]
for kind, symbol in MARKETS:
    attempt(f"ccxt {kind}", lambda: ccxt_market(kind, symbol))
attempt("python-binance", python_binance)
for kind, symbol in MARKETS:
    asyncio.run(ccxt_streams(kind, symbol))
asyncio.run(python_binance_streams())
for kind, symbol in MARKETS[1:]:
    attempt(f"ccxt {kind} hedge mode", lambda: ccxt_hedge(kind, symbol))
attempt("python-binance more", python_binance_more)
print(f"{failed} failed")
sys.exit(1 if failed else 0)
