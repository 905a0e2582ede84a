import HBTTypes
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Makes a tape of an asset's rows: each is decoded once, rounded once and played once on a book of
/// either clock, so that replaying it is a matter of storing numbers.
public enum TapeCompiler {
    /// Rows of the data a segment holds at least.
    static let segmentRows = 65_536

    /// Streams `input.events` to `sink`; memory stays flat.
    ///
    /// - Parameter inOneThread: lay out and write segments in the caller's thread instead of in another one,
    ///   where there is a processor for it; the bytes are the same.
    /// - Returns: rows compiled.
    /// - Throws: `TapeRefusal` when the data does not fit the compact form, or what the data or the
    ///   sink throws.
    @discardableResult
    public static func compile(
        _ input: AssetInput, compatibility: Compatibility, into sink: any TapeSink, inOneThread: Bool = false
    ) throws -> Int64 {
        try compile(
            input, compatibility: compatibility, into: sink, segmentRows: segmentRows,
            inOneThread: inOneThread || sysconf(Int32(_SC_NPROCESSORS_ONLN)) < 2)
    }

    /// One number for everything but the data that decides the bytes of a tape: part of its cache key.
    public static func settingsDigest(_ spec: AssetSpec, compatibility: Compatibility, snapshot: [MarketEvent]) -> UInt64 {
        TapeHeader(spec: spec, isReference: compatibility == .hftbacktest24, snapshot: snapshot).settingsDigest
    }

    static func compile(
        _ input: AssetInput, compatibility: Compatibility, into sink: any TapeSink, segmentRows: Int, inOneThread: Bool = false
    ) throws -> Int64 {
        switch input.spec.book {
        case .hash: try build(PagedLevels.self, input, compatibility, sink, segmentRows, inOneThread)
        case .roi: try build(DenseLevels.self, input, compatibility, sink, segmentRows, inOneThread)
        }
    }

    private static func build<Twin: LevelStore>(
        _ twin: Twin.Type, _ input: AssetInput, _ compatibility: Compatibility, _ sink: any TapeSink, _ segmentRows: Int,
        _ inOneThread: Bool
    ) throws -> Int64 {
        var builder = try TapeBuilder<Twin>(input, compatibility, sink, segmentRows, inOneThread: inOneThread)
        defer { builder.deallocate() }
        return try builder.run()
    }
}
