import ArgumentParser
import HBTEngine
import HBTMarketData

/// The options of every verb that replays market data.
struct ReplayOptions: ParsableArguments {
    @Option(help: ArgumentHelp(
        "How data is replayed: auto, rows (row by row), full, scan or index (from a tape). The results are the same.", valueName: "mode"))
    var replay: String = ReplayMode.auto.rawValue
    @Option(help: ArgumentHelp("Where compiled tapes are kept; default $XDG_CACHE_HOME/hbt or ~/.cache/hbt.", valueName: "folder"))
    var cache: String?
    @Option(help: ArgumentHelp("Most bytes that the tapes may take together, such as 20G; those not used for longest go first.", valueName: "size"))
    var cacheSize: String?
    @Flag(help: "Neither look for tapes nor keep them.")
    var noCache = false

    static func unknown(_ mode: String) -> CommandError {
        CommandError("--replay \(mode): unknown; one of \(ReplayMode.allCases.map(\.rawValue).joined(separator: ", "))")
    }

    func settings(_ session: Session) throws -> ReplaySettings {
        guard let mode = ReplayMode(rawValue: replay) else { throw Self.unknown(replay) }
        if noCache && (cache != nil || cacheSize != nil) { throw CommandError("--no-cache: there is no cache to place or to size; leave one of them out") }
        var settings = ReplaySettings(mode: mode)
        let size = try cacheSize.map { try ByteSize.bytes($0, "--cache-size") }
        if !noCache, let folder = cache ?? session.cacheFolder {
            guard !folder.isEmpty else { throw CommandError("--cache: is empty; name a folder, or write --no-cache") }
            settings.cache = size.map { TapeCache(folder: folder, capacity: $0) } ?? TapeCache(folder: folder)
        }
        return settings
    }
}
