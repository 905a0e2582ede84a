import HBTEngine
import HBTMarketData
import HBTTypes

/// Files to rows, rows to files, rows to tapes.
public struct DataCases {
    let input: BenchInput

    public init(_ input: BenchInput) { self.input = input }

    private func dataCase(_ name: String, per unit: BenchCase.Unit = .row, _ make: @escaping () throws -> () throws -> Outcome) -> BenchCase {
        BenchCase("data", name, per: unit, data: input.name, make)
    }

    /// Compiles a tape; `toFile` also writes and checks it.
    public func tapeBuild(_ compatibility: Compatibility, toFile: Bool) -> BenchCase {
        dataCase("tape build \(toFile ? "to file" : "alone") \(compatibility.rawValue)") {
            let path = "\(input.folder)/made.tape"
            Files.remove(path)
            let asset = AssetInput(spec: input.spec, events: input.source())
            return {
                if toFile {
                    let rows = try TapeCompiler.compile(asset, compatibility: compatibility, into: try TapeFileWriter(path: path))
                    return Outcome(units: rows, digest: "\(Files.bytes(path)) bytes")
                }
                let sink = SummingSink()
                // In this thread, so that all of it is counted.
                let rows = try TapeCompiler.compile(asset, compatibility: compatibility, into: sink, inOneThread: true)
                return Outcome(units: rows, digest: sink.digest.hex)
            }
        }
    }

    /// A file on disk to a tape on disk as a first run does it: inflating, parsing, building, writing, each in its thread.
    public func fileToTape(_ path: String, _ name: String, _ compatibility: Compatibility) -> BenchCase {
        dataCase("\(name) to tape \(compatibility.rawValue)") {
            let target = "\(input.folder)/first.tape"
            Files.remove(target)
            return {
                let events: any EventSource =
                    EventFiles.isRecording(path)
                    ? PrefetchingEventSource(try CollectorEventSource(paths: [path], venue: .binanceFutures))
                    : PrefetchingEventSource(try EventFiles.open(path))
                let rows = try TapeCompiler.compile(
                    AssetInput(spec: input.spec, events: events), compatibility: compatibility, into: try TapeFileWriter(path: target))
                return Outcome(units: rows, digest: "\(Files.bytes(target)) bytes")
            }
        }
    }

    /// Inflates and decodes `.npz`, in this thread.
    public var readNpz: BenchCase {
        dataCase("read npz") {
            { try RowDigest.drain(try EventFiles.open(input.npz)) }
        }
    }

    /// The same with the inflating in a thread of its own, as runs do it.
    public var readNpzAhead: BenchCase {
        dataCase("read npz, prefetching") {
            { try RowDigest.drain(PrefetchingEventSource(try EventFiles.open(input.npz))) }
        }
    }

    public func writeRows(_ suffix: String) -> BenchCase {
        dataCase("write \(suffix)") {
            let path = "\(input.folder)/made.\(suffix)"
            Files.remove(path)
            return {
                let writer = try RowFileWriter<MarketEvent>(path: path)
                try writer.append(input.rows)
                try writer.finish()
                return Outcome(units: Int64(input.rows.count), digest: "\(Files.bytes(path)) bytes")
            }
        }
    }

    /// Lines of collector text one after the other, unread: inflating alone when `path` is gzip.
    public func lines(_ path: String, _ name: String) -> BenchCase {
        dataCase("collector lines \(name)", per: .byte) {
            {
                let reader = try GzipLineReader(path: path)
                var bytes: Int64 = 0, lines: Int64 = 0
                while let line = try reader.next() {
                    bytes += Int64(line.count) + 1
                    lines += 1
                }
                return Outcome(units: bytes, digest: "\(lines) lines")
            }
        }
    }

    /// Collector text to rows as they are replayed: parsing, correcting, ordering.
    public func collector(_ path: String, _ name: String, per unit: BenchCase.Unit) -> BenchCase {
        dataCase("collector \(name) to rows", per: unit) {
            {
                var outcome = try RowDigest.drain(try CollectorEventSource(paths: [path], venue: .binanceFutures))
                if unit == .byte { outcome.units = Files.bytes(path) }
                return outcome
            }
        }
    }

    public func collectorToNpz(_ path: String) -> BenchCase {
        dataCase("collector gz to npz") {
            let target = "\(input.folder)/converted.npz"
            Files.remove(target)
            return {
                let source = try CollectorEventSource(paths: [path], venue: .binanceFutures)
                let writer = try RowFileWriter<MarketEvent>(path: target)
                let buffer = UnsafeMutableBufferPointer<MarketEvent>.allocate(capacity: 16_384)
                defer { buffer.deallocate() }
                var rows: Int64 = 0
                while true {
                    let count = try source.read(into: buffer)
                    if count == 0 { break }
                    try writer.append(UnsafeBufferPointer(rebasing: UnsafeBufferPointer(buffer)[..<count]))
                    rows += Int64(count)
                }
                try writer.finish()
                return Outcome(units: rows, digest: "\(Files.bytes(target)) bytes")
            }
        }
    }

    public var all: [BenchCase] {
        var cases = [
            tapeBuild(.none, toFile: false), tapeBuild(.none, toFile: true), fileToTape(input.npz, "npz", .none),
            fileToTape(input.npz, "npz", .hftbacktest24), readNpz, readNpzAhead, writeRows("npz"), writeRows("npy"),
        ]
        if let text = input.collectorText {
            cases += [lines(text, "plain"), collector(text, "plain", per: .byte)]
        }
        if let gz = input.collectorGz {
            cases += [lines(gz, "gz"), collector(gz, "gz", per: .row), collectorToNpz(gz)]
            cases += [fileToTape(gz, "collector gz", .none), fileToTape(gz, "collector gz", .hftbacktest24)]
        }
        return cases
    }
}

/// Takes a tape and keeps nothing but its digest, of every 64th word.
private final class SummingSink: TapeSink {
    var digest = Digest()

    func append(_ parts: [UnsafeRawBufferPointer]) throws {
        for part in parts {
            digest.add(Int64(part.count))
            var offset = 0
            while offset + 8 <= part.count {
                digest.add(part.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
                offset += 512
            }
        }
    }

    func finish(header: [UInt8]) throws { digest.add(Int64(header.count)) }
}
