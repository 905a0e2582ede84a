import HBTMarketData
import Testing

@testable import HBTLive

struct ObserveTests {
    private func status() -> LiveStatus {
        var status = LiveStatus(name: "obi \"quoted\"", runId: "r\\1", mode: "live")
        var asset = LiveStatus.Asset(symbol: "BTCUSDT")
        asset.bookAgeNs = 12_000_000
        asset.equity = -1.5
        asset.gaps = 3
        asset.bids = [.init(price: 60_000.1, quantity: 1.5)]
        status.assets = [asset]
        status.factors = [.init(name: "alpha", value: .nan, isWarm: false)]
        for ns in [Int64(1_500), 3_000, 3_000, 40_000_000] { status.orderRoundTrip.add(ns) }
        return status
    }

    private func door(_ status: LiveStatus?, kills: @escaping @Sendable (String) -> Void = { _ in }) -> ObserveDoor {
        ObserveDoor(token: "0123456789abcdef", status: { status }, kill: kills)
    }

    private func text(_ reply: ObserveDoor.Reply) -> String { String(decoding: reply.body, as: UTF8.self) }

    @Test func metricsAreWhatPrometheusReads() {
        let text = MetricsText.text(status())
        let common = #"run="r\\1",mode="live""#
        #expect(text.contains("# TYPE hbt_gaps_total counter\nhbt_gaps_total{\(common),symbol=\"BTCUSDT\"} 3\n"))
        #expect(text.contains("hbt_book_age_seconds{\(common),symbol=\"BTCUSDT\"} 0.012\n"))
        #expect(text.contains("hbt_equity{\(common),symbol=\"BTCUSDT\"} -1.5\n"))
        #expect(text.contains("hbt_factor{\(common),factor=\"alpha\"} NaN\n"))
        #expect(!text.contains("hbt_feed_lag_seconds"), "what is not known is not said")
        #expect(text.contains("hbt_order_round_trip_seconds_bucket{\(common),le=\"+Inf\"} 4\n"))
        #expect(text.contains("hbt_order_round_trip_seconds_count{\(common)} 4\n"))
        // Every line is a comment or `name{labels} value`.
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            #expect(line.wholeMatch(of: /[a-z_]+\{([a-z]+="([^"\\]|\\.)*",?)+\} (NaN|[+-]Inf|-?[0-9.e+-]+)/) != nil, "\(line)")
        }
    }

    @Test func bucketsGrowAndEndAtTheCount() {
        var tally = LatencyTally(), random = SeededRandom(seed: 5), all: [Int64] = []
        for _ in 0..<5_000 {
            let ns = Int64(random.below(1_000)) * Int64(random.below(100_000))
            all.append(ns)
            tally.add(ns)
        }
        all.sort()
        for q in [0.01, 0.5, 0.9, 0.99, 1] {
            let exact = Double(all[Int((q * 5_000).rounded(.up)) - 1]), found = Double(tally.quantileNs(q))
            #expect(found >= exact * 0.999 && found <= max(exact * 1.2, 100), "\(q): \(found) for \(exact)")
        }
        #expect(tally.count(atMost: .max) == 5_000)
        #expect(tally.mostNs == all.last)
        #expect(LatencyTally().quantileNs(0.5) == 0)
    }

    @Test func healthSaysWhatIsWrong() {
        #expect(door(status()).answer(.init(method: "GET", path: "/health")).status == 200)
        var ill = status()
        ill.assets[0].feedFault = "the book is not synchronised"
        ill.journalFault = "disk full"
        let reply = door(ill).answer(.init(method: "GET", path: "/health"))
        #expect(reply.status == 503)
        #expect(text(reply) == "journal: disk full\nBTCUSDT: the book is not synchronised\n")
        #expect(door(nil).answer(.init(method: "GET", path: "/health")).status == 503)
    }

    @Test func theStateIsJSONWithoutNumbersThatAreNone() {
        let reply = door(status()).answer(.init(method: "GET", path: "/state"))
        #expect(reply.status == 200)
        #expect(text(reply).contains(#""value":"nan""#))
        #expect(text(reply).contains(#""p50Ns":"#))
    }

    @Test func onlyTheTokenKills() {
        nonisolated(unsafe) var kills = 0
        let door = door(status()) { _ in kills += 1 }
        func kill(_ headers: [(name: String, value: String)], method: String = "POST") -> Int {
            door.answer(.init(method: method, path: "/kill", headers: headers)).status
        }
        #expect(kill([]) == 401)
        #expect(kill([("authorization", "Bearer 0123456789abcdeF")]) == 401)
        #expect(kill([("authorization", "Bearer 0123456789abcdef")], method: "GET") == 405)
        #expect(kill([("authorization", "Bearer 0123456789abcdef"), ("host", "evil.example:9000")]) == 403)
        #expect(kills == 0)
        #expect(kill([("authorization", "Bearer 0123456789abcdef"), ("host", "127.0.0.1:9000")]) == 202)
        #expect(kills == 1)
    }

    @Test func namesOfOtherMachinesAreRefused() {
        for (host, status) in [("localhost:1", 200), ("[::1]:80", 200), ("127.0.0.1", 200), ("example.com", 403), ("127.0.0.1.example.com", 403)] {
            #expect(door(self.status()).answer(.init(method: "GET", path: "/", headers: [("host", host)])).status == status, "\(host)")
        }
        #expect(door(status()).answer(.init(method: "GET", path: "/nothing")).status == 404)
        #expect(door(status()).answer(.init(method: "DELETE", path: "/")).status == 405)
    }
}
