import Foundation
import HBTBinance
import HBTSockets
import PaperSupport

@testable import HBTRunner

/// A folder with settings, in which `hbt-run` is started as its user would.
final class Session {
    let folder: String

    init(port: Int, scheme: String = "http", tick: String = "0.1", extra: String = Session.risk, venue more: String = "") throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("hbt-run-\(UInt64.random(in: 0 ... .max))").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let stream = scheme == "https" ? "wss" : "ws"
        let venue = "[venue]\nmarket = \"usd-m\"\nendpoint = \"custom\"\nrest = \"\(scheme)://127.0.0.1:\(port)\"\nstream = \"\(stream)://127.0.0.1:\(port)\"\n"
        try (Self.settings(data: "none.npz", tick: tick) + venue + more + extra).write(toFile: path("run.toml"), atomically: true, encoding: .utf8)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    func path(_ name: String) -> String { "\(folder)/\(name)" }
    func text(_ name: String) throws -> String { try String(contentsOfFile: path(name), encoding: .utf8) }
    func bytes(_ name: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: path(name))) }

    static let risk = "[risk]\nmax_position_value = 10000.0\nmax_order_value = 2000.0\nmax_loss = 5000.0\n"

    /// Nothing that a strategy asks for is refused: what a gate refuses, a backtest does not know.
    static let open = (
        venue: "orders_per_10s = 100000\nweight_per_minute = 1000000\n",
        risk: "[risk]\nmax_position_value = 1e9\nmax_order_value = 1e8\nmax_loss = 1e9\norders_per_second = 100000\nstale_feed = \"60s\"\n")

    static func settings(data: String, tick: String = "0.1", latency: String = "entry = \"10ms\", response = \"10ms\"") -> String {
        """
        name = "grid"
        [[asset]]
        symbol = "BTCUSDT"
        data = ["\(data)"]
        tick_size = \(tick)
        lot_size = 0.001
        contract = { kind = "linear", size = 1.0 }
        book = { kind = "hash" }
        latency = { kind = "constant", \(latency) }
        queue = { kind = "power_prob", n = 3.0 }
        exchange = "partial_fill"
        fee = { kind = "trading_value", maker = 0.0002, taker = 0.0005 }
        [strategy]
        type = "grid_market_making"
        interval = "100ms"
        half_spread = 0.3
        skew = 0.05
        order_qty_value = 500.0
        max_position_value = 3000.0
        grid_num = 2
        grid_interval = 0.2

        """
    }

    /// Beside the tests; they depend on it.
    static let program = Bundle.main.bundlePath + "/hbt-run"

    func start(_ arguments: [String], keys: Bool = true, log: String = "log") throws -> Running {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Self.program)
        process.arguments = ["run.toml"] + arguments
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        var environment = ProcessInfo.processInfo.environment
        environment["HBT_API_KEY"] = keys ? Paper.key : nil
        environment["HBT_API_SECRET"] = keys ? Paper.secret : nil
        process.environment = environment
        for name in ["\(log).out", "\(log).err"] { _ = FileManager.default.createFile(atPath: path(name), contents: nil) }
        process.standardOutput = FileHandle(forWritingAtPath: path("\(log).out"))
        process.standardError = FileHandle(forWritingAtPath: path("\(log).err"))
        try process.run()
        return Running(process: process, session: self, log: log)
    }

    /// Every file below the folder, as one.
    func everything() throws -> Data {
        var all = Data()
        for name in try FileManager.default.subpathsOfDirectory(atPath: folder).sorted() {
            if let data = FileManager.default.contents(atPath: path(name)) { all += data }
        }
        return all
    }
}

struct Running {
    let process: Process
    let session: Session
    let log: String

    var errors: String { (try? session.text("\(log).err")) ?? "" }
    var out: String { (try? session.text("\(log).out")) ?? "" }

    /// The exit status; nil when it has not ended in time, and then it is killed.
    func end(within seconds: Double = 45) async throws -> Int32? {
        let end = ContinuousClock.now.advanced(by: .milliseconds(Int64(seconds * 1_000)))
        while process.isRunning {
            guard ContinuousClock.now < end else {
                kill(process.processIdentifier, SIGKILL)
                return nil
            }
            try await Task.sleep(for: .milliseconds(20))
        }
        return process.terminationStatus
    }

    /// Waits until the log says something.
    func says(_ text: String, times: Int = 1, within seconds: Double = 20) async throws -> Bool {
        let end = ContinuousClock.now.advanced(by: .milliseconds(Int64(seconds * 1_000)))
        while ContinuousClock.now < end {
            if errors.components(separatedBy: text).count > times { return true }
            try await Task.sleep(for: .milliseconds(20))
        }
        return false
    }
}

/// The account as the venue has it.
struct VenueView {
    /// Client ids of open orders.
    let orders: [String]
    let position: Double
    /// All orders that the venue has had.
    let history: [Past]

    struct Past: CustomStringConvertible {
        let clientId: String
        let status: String
        let executedLots: Int64
        var description: String { "\(clientId) \(status) \(executedLots)" }
    }

    static func read(port: Int) async throws -> VenueView {
        let client = try SocketClient()
        defer { client.shutdown() }
        let caller = VenueCaller(client: client, rest: try ServerURL("http://127.0.0.1:\(port)"), keys: ApiKeys(key: Paper.key, secret: Paper.secret))
        /// Faults of the exchange strike here, too.
        func ask(_ path: String, _ more: [(name: String, value: String)] = []) async throws -> JSONValue {
            for _ in 0..<50 {
                let time = try await caller.send(VenueCalls.time(.usdMargined), nowNs: WallClock.nowNs()).get()
                guard time.status == 200 else { continue }
                caller.offsetMs = try JSONValue.parse(time.bytes).integer("serverTime") - WallClock.nowNs() / 1_000_000
                let reply = try await caller.send(VenueRequest("GET", path, [("symbol", "BTCUSDT")] + more), nowNs: WallClock.nowNs()).get()
                if reply.status == 200 { return try JSONValue.parse(reply.bytes) }
            }
            throw SocketFault.broken("the exchange does not say")
        }
        let orders = try await ask("/fapi/v1/openOrders").elements ?? []
        let positions = try await ask("/fapi/v2/positionRisk").elements ?? []
        var history: [Past] = [], next: Int64 = 1
        while true {
            let page = try await ask("/fapi/v1/allOrders", [("limit", "1000"), ("orderId", String(next))]).elements ?? []
            for entry in page {
                let lots = (try entry.decimal("executedQty").double / 0.001).rounded()
                history.append(Past(clientId: try entry.text("clientOrderId"), status: try entry.text("status"), executedLots: Int64(lots)))
                next = try entry.integer("orderId") + 1
            }
            if page.count < 1000 { break }
        }
        return VenueView(
            orders: try orders.map { try $0.text("clientOrderId") },
            position: try positions.reduce(0) { sum, entry in sum + (try entry.decimal("positionAmt").double) }, history: history)
    }
}
