import HBTTypes

/// Whole event files in memory: initial snapshots and other small files.
public enum EventFileReader {
    public static func readAll(_ path: String) throws(MarketDataError) -> [MarketEvent] {
        let source = try EventFiles.open(path)
        var rows: [MarketEvent] = []
        let chunk = UnsafeMutableBufferPointer<MarketEvent>.allocate(capacity: 4096)
        defer { chunk.deallocate() }
        do {
            while true {
                let count = try source.read(into: chunk)
                if count == 0 { return rows }
                rows.append(contentsOf: chunk[0..<count])
            }
        } catch let error as MarketDataError {
            throw error
        } catch {
            throw MarketDataError(path: path, .cannotRead("\(error)"))
        }
    }
}
