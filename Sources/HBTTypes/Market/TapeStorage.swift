/// The parts of a tape's segment: the same market on the venue's clock and on ours.
public enum TapePart: Int, Sendable, CaseIterable {
    /// Times, trades and best prices on the venue's clock.
    case exchange = 0
    /// Everything on our clock.
    case local = 1
    /// Changes of levels on the venue's clock, in order of time.
    case rows = 2
    /// The same changes by level.
    case index = 3
}

/// Where the engine reads a compiled tape from. What the bytes mean is the engine's affair; a source
/// answers for their being the bytes that were written.
public protocol TapeSource: AnyObject {
    /// What the engine wrote about the whole tape.
    var header: [UInt8] { get }
    var segmentCount: Int { get }
    /// One part of a segment; starts at a multiple of 64 bytes and stays valid as long as the source lives.
    ///
    /// - Throws: when the bytes are not those that were written.
    func segment(_ index: Int, _ part: TapePart) throws -> UnsafeRawBufferPointer
    /// A hint: `part` will not be asked for below segment `index` again, except after going back.
    func passed(_ index: Int, _ part: TapePart)
}

extension TapeSource {
    public func passed(_ index: Int, _ part: TapePart) {}
}

/// Where the engine writes a tape, segment by segment, so that no more than one is in memory.
public protocol TapeSink: AnyObject {
    /// One segment; `parts` in the order of `TapePart.allCases`, each whole lines of 64 bytes.
    func append(_ parts: [UnsafeRawBufferPointer]) throws
    /// Ends the tape; nothing that was appended counts without it.
    func finish(header: [UInt8]) throws
}
