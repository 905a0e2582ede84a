import HBTEngine
import HBTTypes

/// A scripted backtest of the reference: assets with their data, steps, and what it answered.
struct BacktestVector {
    /// Without their rows, which a run uses up.
    private let specs: [AssetInput]
    private let rows: [[MarketEvent]]
    let script: [ScriptStep]
    /// Ticks whose quantities are looked at after every step, by asset; empty for none.
    let probedTicks: [[Int64]]
    let expected: VectorPlace
    let comparison: VectorComparison

    init(_ vector: VectorPlace) throws(VectorFault) {
        let book = try vector.string("depth")
        var assets: [AssetInput] = []
        var rows: [[MarketEvent]] = []
        for place in try vector.list("assets") {
            assets.append(try Self.asset(place, book: book))
            var all: [MarketEvent] = []
            for file in try place.list("data") { all += try marketRows(file) }
            rows.append(all)
        }
        guard !assets.isEmpty else { throw vector.fault("has no assets") }
        specs = assets
        self.rows = rows
        var script: [ScriptStep] = []
        for place in try vector.list("script") { script.append(try ScriptStep(place, assetCount: assets.count)) }
        self.script = script
        var probed = Array(repeating: [Int64](), count: assets.count)
        if let probes = vector.optional("probe_ticks") {
            for index in assets.indices {
                guard let ticks = probes.optional(String(index)) else { continue }
                for tick in try ticks.list() { probed[index].append(try tick.int64()) }
            }
        }
        probedTicks = probed
        expected = try vector.member("expected")
        comparison = try VectorComparison(vector)
    }

    var assetCount: Int { specs.count }

    /// The assets at their first row.
    var assets: [AssetInput] {
        zip(specs, rows).map { spec, rows in
            var input = spec
            input.events = ArrayEventSource(rows)
            return input
        }
    }

    /// The assets with their rows compiled; nil when the rows of one fit no tape.
    func tapedAssets() -> [AssetInput]? {
        var taped: [AssetInput] = []
        for input in assets {
            let tape = try? TemporaryTape.make { _ = try TapeCompiler.compile(input, compatibility: .hftbacktest24, into: $0) }
            guard let tape else { return nil }
            taped.append(input)
            taped[taped.count - 1].tape = tape
        }
        return taped
    }

    private static func asset(_ place: VectorPlace, book: String) throws(VectorFault) -> AssetInput {
        var snapshot: [MarketEvent] = []
        if let levels = place.optional("initial_snapshot") { snapshot = try marketRows(levels) }
        return AssetInput(
            spec: try assetSpec(place, book: book), events: ArrayEventSource([]), initialSnapshot: snapshot,
            latencyRows: try latencyRows(place))
    }
}

extension VectorComparison {
    /// As the optional keys of a vector say.
    init(_ vector: VectorPlace) throws(VectorFault) {
        var ignored: [String] = []
        if let names = vector.optional("ignore") {
            for name in try names.list() { ignored.append(try name.string()) }
        }
        self.init(floatTolerance: try vector.optional("float_tolerance")?.double(), ignored: ignored)
    }
}

/// Rows in the order of `event_columns`.
func marketRows(_ place: VectorPlace) throws(VectorFault) -> [MarketEvent] {
    var rows: [MarketEvent] = []
    for row in try place.list() {
        let fields = try row.list()
        guard fields.count == 8 else { throw row.fault("has \(fields.count) columns instead of 8") }
        rows.append(MarketEvent(
            ev: try fields[0].uint64(), exchangeNs: try fields[1].int64(), localNs: try fields[2].int64(),
            price: try fields[3].double(), quantity: try fields[4].double(), orderId: try fields[5].uint64(),
            ival: try fields[6].int64(), fval: try fields[7].double()))
    }
    return rows
}

/// Rows in the shape of `event_columns`, as they are compared.
func vectorRows(_ rows: [MarketEvent]) -> VectorValue {
    .array(rows.map { row in
        .array([
            VectorValue(row.ev), .integer(row.exchangeNs), .integer(row.localNs), .double(row.price),
            .double(row.quantity), VectorValue(row.orderId), .integer(row.ival), .double(row.fval),
        ])
    })
}

extension VectorValue {
    init(_ value: UInt64) {
        self = Int64(exactly: value).map { .integer($0) } ?? .unsigned(value)
    }
}
