import HBTEngine
import HBTMarketData
import HBTTypes

/// The tape of one asset's data: from the cache, made now, or named by the settings.
struct AssetTape: Sendable {
    static let suffix = ".tape"

    /// What came of asking for a tape.
    enum Outcome {
        case tape(TapeFile, Origin)
        /// The data is to be replayed row by row; the reason, when it is worth telling.
        case rows(String?)
    }

    enum Origin {
        /// By the settings.
        case named
        case cached, made
    }

    let asset: AssetSettings
    let snapshot: [MarketEvent]
    let compatibility: Compatibility
    let replay: ReplaySettings

    /// The settings name a tape instead of rows.
    static func isTape(_ asset: AssetSettings) throws(SettingsError) -> Bool {
        guard asset.dataFiles.contains(where: { $0.hasSuffix(suffix) }) else { return false }
        guard asset.dataFiles.count == 1 else {
            throw SettingsError(asset.dataLocation, "\(asset.spec.symbol): a tape stands alone as data; convert all its files into one tape")
        }
        return true
    }

    /// The tape that the settings name.
    func named() throws -> TapeFile {
        let path = asset.dataFiles[0]
        guard replay.mode != .rows else {
            throw SettingsError(asset.dataLocation, "\(asset.spec.symbol): \(path) is a tape and has no rows; leave out --replay rows, or name the rows' files")
        }
        let tape = try TapeFile(path: path)
        do {
            _ = try facts(tape)
        } catch let refusal as TapeRefusal {
            throw SettingsError(asset.dataLocation, "\(asset.spec.symbol): \(path): \(refusal); convert the data again with these settings")
        } catch let fault as TapeFault {
            throw CommandError("\(path): \(fault)")
        }
        return tape
    }

    func facts(_ tape: TapeFile) throws -> TapeFacts {
        try TapeFacts(tape, spec: asset.spec, compatibility: compatibility, snapshot: snapshot)
    }

    /// The tape of the settings' files.
    ///
    /// - Parameter rows: opens the rows from the first one; called when the tape has to be made.
    func find(rows: () -> any EventSource) throws -> Outcome {
        guard let cache = replay.cache else {
            guard replay.mode.usesTape else { return .rows(nil) }
            return try making { try TemporaryTape.make { try compile(rows(), into: $0) } }
        }
        guard let identity = TapeCache.fileIdentity(asset.dataFiles) else { return .rows(nil) }
        let settings = TapeCompiler.settingsDigest(asset.spec, compatibility: compatibility, snapshot: snapshot)
        let path = cache.path(sourceDigest: identity, settingsDigest: settings)
        if let reason = cache.refusal(path) { return .rows(reason) }
        if let tape = cache.open(path) {
            if (try? facts(tape)) != nil { return .tape(tape, .cached) }
            FileTree.remove(path)
        }
        guard replay.makesTapes || replay.mode.usesTape else { return .rows(nil) }
        return try making {
            do {
                return try cache.make(path) { try compile(rows(), into: $0) }
            } catch let refusal as TapeRefusal {
                cache.note(refusal: refusal.description, path)
                throw refusal
            }
        }
    }

    private func compile(_ rows: any EventSource, into writer: TapeFileWriter) throws {
        let input = AssetInput(spec: asset.spec, events: rows, initialSnapshot: snapshot)
        try TapeCompiler.compile(input, compatibility: compatibility, into: writer)
    }

    /// Rows have the last word: whatever stops a tape, they say what is wrong with the data, or replay it.
    private func making(_ make: () throws -> TapeFile) throws -> Outcome {
        do {
            return .tape(try make(), .made)
        } catch let exit as VerbExit {
            throw exit
        } catch let refusal as TapeRefusal {
            return .rows(refusal.description)
        } catch let error as MarketDataError {
            guard case .cannotWrite = error.reason else { return .rows(nil) }
            return .rows("no tape could be kept: \(ErrorLine.text(error))")
        } catch {
            return .rows(nil)
        }
    }
}
