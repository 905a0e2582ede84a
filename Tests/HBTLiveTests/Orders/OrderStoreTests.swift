import HBTMarketData
import HBTTypes
import Testing

@testable import HBTLive

@Suite struct OrderStoreTests {
    private func order(_ number: UInt64) -> ManagedOrder {
        let order = Order(orderId: number, side: .buy, priceTick: 1, quantity: 1)
        return ManagedOrder(number: number, clientId: "\(number)", asset: 0, order: order, sentNs: 0)
    }

    /// Numbers ascend, and any of those given may be asked for, changed or forgotten: what a dictionary does.
    @Test(arguments: 0..<20 as Range<UInt64>) func isADictionaryOfAscendingNumbers(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var store = OrderStore(), twin: [UInt64: Double] = [:]
        var next = UInt64(random.below(1_000))
        let first = next
        for _ in 0..<5_000 {
            let number = first + UInt64(random.below(Int(next - first) + 2))
            switch random.below(4) {
            case 0, 1:
                store[next] = order(next)
                twin[next] = 1
                next += 1
            case 2:
                let value = Double(random.below(100))
                store.change(number) { $0.total = value }
                if twin[number] != nil { twin[number] = value }
            default:
                // Mostly the oldest, as in life.
                let old = random.below(10) == 0 ? number : twin.keys.min() ?? number
                store[old] = nil
                twin[old] = nil
            }
            #expect(store[number]?.total == twin[number])
        }
        for number in 0..<(next + 1_000) { #expect(store[number]?.total == twin[number]) }
    }
}
