import HBTMarketData
import Testing

@testable import HBTLive

@Suite struct EngineIdTableTests {
    private struct Key: Hashable { var asset: Int, orderId: UInt64 }

    /// What a dictionary does; ids near each other, far apart and equal on several assets.
    @Test(arguments: 0..<20 as Range<UInt64>) func isADictionary(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var table = EngineIdTable(), twin: [Key: UInt64] = [:]
        var next: UInt64 = 1
        for _ in 0..<20_000 {
            let spread: UInt64 = random.below(2) == 0 ? 1 : 1 << 40
            let key = Key(asset: random.below(3), orderId: UInt64(random.below(900)) &* spread)
            if random.below(3) > 0 {
                table.set(asset: key.asset, orderId: key.orderId, to: next)
                twin[key] = next
                next += 1
            } else {
                // Also for an order that the id does not stand for any more.
                let number = random.below(4) == 0 ? next + 7 : twin[key] ?? 1
                table.remove(asset: key.asset, orderId: key.orderId, ifNumber: number)
                if twin[key] == number { twin[key] = nil }
            }
            #expect(table.number(asset: key.asset, orderId: key.orderId) == twin[key])
        }
        #expect(table.count == twin.count)
        for (key, number) in twin { #expect(table.number(asset: key.asset, orderId: key.orderId) == number) }
    }
}
