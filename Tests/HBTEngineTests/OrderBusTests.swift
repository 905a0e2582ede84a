import HBTTypes
import Testing

@testable import HBTEngine

@Suite struct OrderBusTests {
    private func order(_ id: Int) -> Order { Order(orderId: UInt64(id), side: .buy, priceTick: 0, quantity: 1) }

    @Test func nobodyOvertakes() {
        var bus = OrderBus()
        bus.append(order(1), at: 300)
        bus.append(order(2), at: 200)
        bus.append(order(3), at: 301)
        #expect(bus.nextNs == 300)
        #expect(bus.removeFirst().orderId == 1)
        #expect(bus.nextNs == 300)
        #expect(bus.removeFirst().orderId == 2)
        #expect(bus.nextNs == 301)
        #expect(bus.removeFirst().orderId == 3)
        #expect(bus.nextNs == .max)
        #expect(bus.isEmpty)
    }

    @Test func aBusThatHasEmptiedForgetsItsLastTime() {
        var bus = OrderBus()
        bus.append(order(1), at: 300)
        _ = bus.removeFirst()
        bus.append(order(2), at: 200)
        #expect(bus.nextNs == 200)
    }

    /// A request sent before the clock started carries a wrapped time.
    @Test func nothingArrivesBeforeTimeZero() {
        var bus = OrderBus()
        bus.append(order(1), at: .min + 5)
        #expect(bus.nextNs == 0)
    }

    @Test func isFirstInFirstOutThroughManyMessages() {
        var random = Dice(3)
        var bus = OrderBus()
        var twin: [(id: UInt64, ns: Int64)] = []
        for step in 1...20_000 {
            if random.chance(50) || twin.isEmpty {
                let ns = random.int(0...1_000_000)
                twin.append((UInt64(step), max(ns, twin.last?.ns ?? 0)))
                bus.append(order(step), at: ns)
            } else {
                let wanted = twin.removeFirst()
                #expect(bus.nextNs == wanted.ns)
                #expect(bus.removeFirst().orderId == wanted.id)
            }
            #expect(bus.count == twin.count)
        }
    }
}
