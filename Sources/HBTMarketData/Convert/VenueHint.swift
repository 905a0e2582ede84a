/// Recognises a venue by one line, without parsing it.
enum VenueHint {
    static func venue(of line: UnsafeBufferPointer<UInt8>) -> Venue? {
        guard contains(line, "\"e\":\"depthUpdate\"") else { return nil }
        if !contains(line, "\"pu\":") { return .binanceSpot }
        return contains(line, "\"ps\":") ? .binanceCoinFutures : .binanceFutures
    }

    static func contains(_ line: UnsafeBufferPointer<UInt8>, _ word: StaticString) -> Bool {
        let n = word.utf8CodeUnitCount
        // The fields in question stand before the levels.
        let limit = min(line.count, 600) - n
        guard limit >= 0 else { return false }
        outer: for i in 0...limit {
            for j in 0..<n where line[i + j] != word.utf8Start[j] { continue outer }
            return true
        }
        return false
    }
}
