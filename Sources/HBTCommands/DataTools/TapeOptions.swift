import ArgumentParser
import HBTConfig
import HBTMarketData
import HBTTypes

/// What `hbt convert … -o FILE.tape` must know of the instrument: a settings file, or its values.
struct TapeOptions: ParsableArguments {
    @Option(help: ArgumentHelp("For a tape: the settings file that it is made for.", valueName: "strategy.toml"))
    var settings: String?
    @Option(help: "For a tape: which of the settings file's assets.")
    var symbol: String?
    @Option(help: ArgumentHelp("For a tape without settings: smallest price step, quote currency.", valueName: "price"))
    var tickSize: Double?
    @Option(help: ArgumentHelp("For a tape without settings: smallest quantity step, base currency.", valueName: "quantity"))
    var lotSize: Double?
    @Option(help: ArgumentHelp("For a tape without settings: hash, or roi:LOWER,UPPER.", valueName: "kind"))
    var book: String?
    @Option(help: ArgumentHelp("For a tape without settings: an event file with the book at the start.", valueName: "file"))
    var initialSnapshot: String?
    @Option(help: ArgumentHelp("For a tape without settings: none or hftbacktest-2.4.", valueName: "mode"))
    var compatibility: String?

    /// Options that were given although no tape is to be written.
    var areGiven: Bool { settings != nil || symbol != nil || valuesGiven }
    private var valuesGiven: Bool { tickSize != nil || lotSize != nil || book != nil || initialSnapshot != nil || compatibility != nil }

    /// What the tape is made for.
    func target(_ session: Session) throws -> TapeTarget {
        guard let settings else {
            if symbol != nil { throw CommandError("--symbol: chooses among the assets of --settings; name the settings, too") }
            return try values()
        }
        guard !valuesGiven else { throw CommandError("--settings: says tick size, lot size, book, snapshot and compatibility; leave those options out") }
        let table = try SettingsFile.load(path: settings)
        let run = try RunSettingsReader.read(table, strategyTypes: session.strategies.names)
        let known = run.assets.map(\.spec.symbol).joined(separator: ", ")
        guard let asset = symbol.map({ name in run.assets.first { $0.spec.symbol == name } }) ?? (run.assets.count == 1 ? run.assets[0] : nil) else {
            throw CommandError("\(settings): name one of its assets with --symbol: \(known)")
        }
        return TapeTarget(
            spec: asset.spec, snapshot: try asset.initialSnapshotFile.map(EventFileReader.readAll) ?? [], compatibility: run.compatibility)
    }

    private func values() throws -> TapeTarget {
        guard let tickSize, let lotSize else {
            throw CommandError("a tape needs --settings STRATEGY.toml, or --tick-size and --lot-size (and --book, if it is not hash)")
        }
        for (name, value) in [("--tick-size", tickSize), ("--lot-size", lotSize)] where !(value > 0 && value.isFinite) {
            throw CommandError("\(name) \(value): not a size; write a number above 0, such as 0.1")
        }
        var spec = AssetSpec(symbol: symbol ?? "data", tickSize: tickSize, lotSize: lotSize)
        spec.book = try book.map(BookArgument.spec) ?? .hash
        let mode = compatibility ?? Compatibility.none.rawValue
        guard let compatibility = Compatibility(rawValue: mode) else { throw CommandError("--compatibility \(mode): unknown; none or hftbacktest-2.4") }
        return TapeTarget(spec: spec, snapshot: try initialSnapshot.map(EventFileReader.readAll) ?? [], compatibility: compatibility)
    }
}
