import HBTBinance
import HBTTypes
import Testing

@testable import HBTPaperExchange

@Suite struct HedgeModeTests {
    private func hedged(_ market: VenueMarket = .usdMargined, rows: [MarketEvent] = []) throws -> PaperClient {
        let client = try PaperClient(market, rows: rows)
        #expect(try client.code(try client.signed("POST", "positionSide/dual", "dualSidePosition=true")) == 200)
        return client
    }

    private func amounts(_ client: PaperClient) throws -> [String: String] {
        let name = client.market == .usdMargined ? "/fapi/v2/positionRisk" : "positionRisk"
        var found: [String: String] = [:]
        for entry in try client.json(try client.signed("GET", name)).elements ?? [] { found[try entry.text("positionSide")] = try entry.text("positionAmt") }
        return found
    }

    @Test(arguments: [VenueMarket.usdMargined, .coinMargined]) func longAndShortStandBesideEachOther(market: VenueMarket) throws {
        let client = try hedged(market), lots = market == .coinMargined ? "2" : "0.002", one = market == .coinMargined ? "1" : "0.001"
        #expect(try client.place(.buy, nil, lots, extra: "&positionSide=LONG") > 0)
        #expect(try client.place(.sell, nil, lots, extra: "&positionSide=SHORT") > 0)
        #expect(try amounts(client) == ["BOTH": market == .coinMargined ? "0" : "0.000", "LONG": lots, "SHORT": "-\(lots)"])
        #expect(try client.place(.sell, nil, one, extra: "&positionSide=LONG") > 0)
        #expect(try amounts(client) == ["BOTH": market == .coinMargined ? "0" : "0.000", "LONG": one, "SHORT": "-\(lots)"])
        let trades = try client.json(try client.signed("GET", "userTrades", "symbol=\(client.symbol)")).elements ?? []
        #expect(try trades.map { try $0.text("positionSide") } == ["LONG", "SHORT", "LONG"])
    }

    @Test func ordersMustNameTheirPositionAndCloseNoMoreThanThereIs() throws {
        let client = try hedged()
        #expect(try client.place(.buy, "50000", "0.001") == -4061)
        #expect(try client.place(.buy, "50000", "0.001", extra: "&positionSide=BOTH") == -4061)
        #expect(try client.place(.buy, "50000", "0.001", extra: "&positionSide=UP") == -4060)
        #expect(try client.place(.buy, "50000", "0.001", extra: "&positionSide=LONG&reduceOnly=true") == -1106)
        #expect(try client.place(.sell, nil, "0.001", extra: "&positionSide=LONG") == -2022)
        #expect(try client.place(.buy, nil, "0.001", extra: "&positionSide=LONG") > 0)
        #expect(try client.place(.sell, nil, "0.005", extra: "&positionSide=LONG") > 0)
        #expect(try amounts(client)["LONG"] == "0.000")
        let oneWay = try PaperClient()
        #expect(try oneWay.place(.buy, "50000", "0.001", extra: "&positionSide=LONG") == -4061)
    }

    @Test func theModeChangesOnlyWithNothingOpen() throws {
        let client = try hedged()
        func mode(_ word: String) throws -> Int64 { try client.code(try client.signed("POST", "positionSide/dual", "dualSidePosition=\(word)")) }
        #expect(try client.json(try client.signed("GET", "positionSide/dual"))["dualSidePosition"]?.flag == true)
        #expect(try mode("true") == -4059)
        #expect(try mode("perhaps") == -1130)
        let order = try client.place(.buy, "49999", "0.001", extra: "&positionSide=LONG")
        #expect(try mode("false") == -4067)
        _ = try client.signed("DELETE", "order", "symbol=BTCUSDT&orderId=\(order)")
        #expect(try client.place(.buy, nil, "0.001", extra: "&positionSide=LONG") > 0)
        #expect(try mode("false") == -4068)
        #expect(try client.place(.sell, nil, "0.001", extra: "&positionSide=LONG") > 0)
        #expect(try mode("false") == 200)
        #expect(try amounts(client) == ["BOTH": "0.000"])
    }

    @Test func eventsNameThePosition() throws {
        let client = try hedged(), id = try client.userStream()
        _ = try client.place(.sell, nil, "0.001", extra: "&positionSide=SHORT")
        var sides: [String] = [], short: String?
        for event in try client.events(id) {
            switch event {
            case .order(let update): sides.append(update.order.positionSide)
            case .account(let update): short = update.positions.first { $0.side == "SHORT" }?.amount.description
            default: break
            }
        }
        #expect(sides == ["SHORT", "SHORT"] && short == "-0.001")
    }

    /// What closes shrinks with the position and ends with it, whether it names its position or says reduceOnly.
    @Test(arguments: [true, false]) func restingClosesNeverTurnAPosition(isHedged: Bool) throws {
        let client = isHedged ? try hedged() : try PaperClient(), side = isHedged ? "&positionSide=LONG" : "&reduceOnly=true"
        #expect(try client.place(.buy, nil, "0.003", extra: isHedged ? "&positionSide=LONG" : "") > 0)
        let first = try client.place(.sell, "50010", "0.003", extra: side), second = try client.place(.sell, "50011", "0.002", extra: side)
        #expect(first > 0 && second > 0)
        #expect(try client.place(.sell, nil, "0.002", extra: side) > 0)
        let open = try client.json(try client.signed("GET", "openOrders", "symbol=BTCUSDT")).elements ?? []
        #expect(try open.map { try $0.text("origQty") } == ["0.001", "0.001"])
        #expect(try client.place(.sell, nil, "0.001", extra: side) > 0)
        #expect(try client.json(try client.signed("GET", "openOrders", "symbol=BTCUSDT")).elements?.count == 0)
        #expect(try client.json(try client.signed("GET", "order", "symbol=BTCUSDT&orderId=\(first)")).text("status") == "EXPIRED")
    }
}
