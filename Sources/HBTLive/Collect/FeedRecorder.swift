/// Lines of raw feeds to files in HftBacktest's collector format: receipt time (19 digits), a space, the message as
/// it came; one file for each symbol and UTC day of receipt.
///
/// Lines wait in memory and leave as one piece of the file every few seconds. While nothing can be written (a full
/// disk) they go on waiting, up to a limit; beyond it new lines are dropped and counted, and their symbols are named
/// when writing works again, so that a snapshot can follow the hole.
public final class FeedRecorder {
    public struct Limits: Sendable {
        /// What a killed process loses at most.
        public var flushNs: Int64 = 5_000_000_000
        /// Text of one symbol that is written without waiting.
        public var pieceBytes = 1 << 20
        /// Text of all symbols that may wait.
        public var mostWaitingBytes = 1 << 28
        public init() {}
    }

    public struct Counts: Equatable, Sendable {
        public var lines: Int64 = 0
        /// Lines lost for want of room.
        public var droppedLines: Int64 = 0
        public var writtenBytes: Int64 = 0
        public var failures: Int64 = 0
    }

    private struct Block {
        let day: Int64
        var text: [UInt8] = []
        let sinceNs: Int64
    }
    private struct Track {
        let symbol: String
        var blocks: [Block] = []
        var file: RecordingFile?
        var fileDay = Int64.min
        var hasHole = false
    }

    private static let dayNs: Int64 = 86_400_000_000_000

    public let folder: String
    public let codec: RecordingCodec
    private let limits: Limits
    private let writeCall: JournalWriter.WriteCall
    private var tracks: [Track] = []
    private var places: [String: Int] = [:]
    private var waitingBytes = 0
    private var notes: [String] = []
    private var holes: [String] = []
    /// When writing was last tried after a failure.
    private var triedNs = Int64.min
    public private(set) var counts = Counts()
    /// Why the last write failed; nil when it worked.
    public private(set) var failure: JournalError?

    /// - Parameter folder: exists.
    public init(folder: String, codec: RecordingCodec = .gzip, limits: Limits = Limits(), writeCall: @escaping JournalWriter.WriteCall = writeBytes) {
        self.folder = folder
        self.codec = codec
        self.limits = limits
        self.writeCall = writeCall
    }

    /// - Parameters:
    ///   - symbol: becomes part of a file name, in lower case.
    ///   - localNs: never before that of the symbol's line before.
    public func add(symbol: String, localNs: Int64, message: UnsafeRawBufferPointer) {
        let track = place(of: symbol)
        let needed = message.count + 21
        guard waitingBytes + needed <= limits.mostWaitingBytes else {
            counts.droppedLines += 1
            tracks[track].hasHole = true
            return
        }
        let day = max(localNs / Self.dayNs, tracks[track].blocks.last?.day ?? tracks[track].fileDay)
        if tracks[track].blocks.last?.day != day || (tracks[track].blocks.last?.text.count ?? 0) > limits.pieceBytes {
            tracks[track].blocks.append(Block(day: day, sinceNs: localNs))
        }
        let last = tracks[track].blocks.count - 1
        CollectorLine.append(localNs, message, to: &tracks[track].blocks[last].text)
        waitingBytes += needed
        counts.lines += 1
        let isFull = tracks[track].blocks[last].text.count >= limits.pieceBytes
        if failure == nil && (isFull || tracks[track].blocks.count > 1) { flush(track) }
    }

    /// Writes what has waited long enough; tries again what could not be written.
    public func tick(_ localNs: Int64) {
        if failure != nil {
            guard localNs &- triedNs >= limits.flushNs || triedNs == .min else { return }
            triedNs = localNs
        }
        for track in tracks.indices {
            guard let first = tracks[track].blocks.first, localNs &- first.sinceNs >= limits.flushNs || localNs < first.sinceNs else { continue }
            flush(track)
        }
    }

    /// Writes everything. False when something could not be written.
    @discardableResult
    public func finish() -> Bool {
        for track in tracks.indices {
            flush(track)
            tracks[track].file?.synchronise()
        }
        return waitingBytes == 0
    }

    /// What ought to be said since the last call, one line each.
    public func takeNotes() -> [String] {
        defer { notes.removeAll() }
        return notes
    }

    /// Symbols that lost lines and can be written again.
    public func takeHoles() -> [String] {
        defer { holes.removeAll() }
        return holes
    }

    private func place(of symbol: String) -> Int {
        if let place = places[symbol] { return place }
        places[symbol] = tracks.count
        tracks.append(Track(symbol: symbol))
        return tracks.count - 1
    }

    private func flush(_ track: Int) {
        do throws(JournalError) {
            while let block = tracks[track].blocks.first {
                let file = try file(track, day: block.day)
                let piece = codec.pack(block.text)
                try file.append(piece)
                counts.writtenBytes += Int64(piece.count)
                waitingBytes -= block.text.count
                tracks[track].blocks.removeFirst()
            }
        } catch {
            counts.failures += 1
            if failure == nil { notes.append("\(error); what comes is kept in memory (up to \(limits.mostWaitingBytes >> 20) MiB) until it can be written") }
            failure = error
            return
        }
        if failure != nil {
            (failure, triedNs) = (nil, .min)
            notes.append("writing works again; \(counts.droppedLines) lines have been lost so far")
        }
        guard tracks[track].hasHole else { return }
        tracks[track].hasHole = false
        holes.append(tracks[track].symbol)
    }

    private func file(_ track: Int, day: Int64) throws(JournalError) -> RecordingFile {
        if let file = tracks[track].file, tracks[track].fileDay == day { return file }
        tracks[track].file?.synchronise()
        tracks[track].file = nil
        let path = "\(folder)/\(tracks[track].symbol.lowercased())_\(CollectorLine.date(day: day))\(codec.suffix)"
        let file = try RecordingFile(path: path, codec: codec, writeCall: writeCall)
        if let torn = file.tornPath { notes.append("\(path): the end was half-written; it has been moved to \(torn)") }
        (tracks[track].file, tracks[track].fileDay) = (file, day)
        return file
    }
}
