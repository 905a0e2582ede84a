import HBTTypes
import Testing

@testable import HBTEngine

@Suite struct OrderTableTests {
    private func order(_ id: UInt64, _ tick: Int64 = 0) -> Order {
        Order(orderId: id, side: .buy, priceTick: tick, quantity: 1)
    }

    /// Ids that share a home slot, dense ids, and ids all over.
    @Test(arguments: [UInt64(1) << 58, 1, 0x9E37_79B9_7F4A_7C15])
    func equalsADictionary(stride: UInt64) {
        var random = Dice(stride)
        var table = OrderTable()
        var twin: [UInt64: Int64] = [:]
        /// Oldest first.
        var ages: [UInt64] = []
        for step in 0..<20_000 {
            let id = UInt64(random.int(0...200)) &* stride
            if let slot = table.slot(id) {
                #expect(twin[id] == table[slot].priceTick)
                if random.chance(60) {
                    table.remove(slot: slot)
                    twin[id] = nil
                    ages.removeAll { $0 == id }
                }
            } else {
                #expect(twin[id] == nil)
                table.insert(order(id, Int64(step)))
                twin[id] = Int64(step)
                ages.append(id)
            }
            #expect(table.count == twin.count)
            if step % 50 == 0 { #expect(table.slotsByAge().map { table[$0].orderId } == ages) }
        }
        for (id, tick) in twin { #expect(table.slot(id).map { table[$0].priceTick } == tick) }
    }

    @Test func slotsDoNotMoveWhileAnOrderLives() {
        var table = OrderTable()
        let slots = (0..<500 as Range<UInt64>).map { table.insert(order($0)) }
        for id in stride(from: 0, to: 500 as UInt64, by: 2) { table.remove(slot: slots[Int(id)]) }
        for id in 1_000..<1_300 as Range<UInt64> { table.insert(order(id)) }
        for id in stride(from: 1, to: 500 as UInt64, by: 2) { #expect(table.slot(id) == slots[Int(id)]) }
    }
}
