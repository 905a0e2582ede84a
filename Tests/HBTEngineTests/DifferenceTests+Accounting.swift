import HBTTypes
import Testing

@testable import HBTEngine

/// Every difference between the two modes, both behaviours side by side; `docs/differences.md` names
/// each test. Book of the cases: 100×5 99×10 98×20 and 101×5 102×10 103×20, conservative queue.
@Suite struct DifferenceTests {
    static let book = MatchingTests.book
    static let end = "\nt 5000 | bid 50 x 1"
    static let partial = plainSpec { $0.exchange = .partialFill }

    /// Plays a case in both modes.
    static func both(
        _ text: String, spec: AssetSpec = plainSpec(), snapshot: [MarketEvent] = [], latency: [LatencyRow]? = nil
    ) throws -> (reference: Played, ours: Played) {
        let whole = text + end
        return (
            try Played(whole, .hftbacktest24, snapshot: snapshot, latency: latency, spec: spec),
            try Played(whole, .none, snapshot: snapshot, latency: latency, spec: spec)
        )
    }
}

// Accounting: what is booked, and when.
extension DifferenceTests {
    @Test func partialFillsAreBookedWhenTheyHappen() throws {
        let (reference, ours) = try Self.both(Self.book + """
            t 120 | buy 1: 5 @ 100
            t 300 | sell-trade 7 @ 100
            t 400 | sell-trade 1 @ 100
            t 500 | sell-trade 2.4 @ 100
            """, spec: Self.partial)
        #expect(reference.bookings == ["+2@100"])
        #expect(reference.position == 2)
        #expect(ours.bookings == ["+2@100", "+1@100", "+2@100"])
        #expect(ours.position == 5)
    }

    @Test func aTakerThatExpiresKeepsWhatItTook() throws {
        let (reference, ours) = try Self.both(Self.book + "t 120 | buy 1: 8 @ 101 ioc", spec: Self.partial)
        #expect(reference.bookings == [])
        #expect(ours.bookings == ["+5@101"])
        for run in [reference, ours] {
            #expect(run.status(1) == .expired)
            #expect(run.order(1)?.leavesQuantity == 3)
        }
    }

    @Test func everyLevelATakerSweepsIsBooked() throws {
        let (reference, ours) = try Self.both(Self.book + "t 120 | buy 1: 18 @ 103", spec: Self.partial)
        #expect(reference.bookings == ["+3@103"])
        #expect(ours.bookings == ["+5@101", "+10@102", "+3@103"])
    }

    /// The reference makes two executions of it, of which it books the second.
    @Test func whatIsLeftOfASellAtItsLimitIsOneExecution() throws {
        let (reference, ours) = try Self.both(Self.book + "t 120 | sell 1: 30 @ 99", spec: Self.partial)
        #expect(reference.bookings == ["-15@99"])
        #expect(ours.bookings == ["-5@100", "-25@99"])
    }

    @Test func anOrderFilledToTheLastLotIsGone() throws {
        let (reference, ours) = try Self.both(Self.book + """
            t 120 | buy 1: 1 @ 100
            t 300 | sell-trade 6 @ 100
            t 400 | sell-trade 1 @ 100
            """, spec: Self.partial)
        #expect(reference.faults == [.invalidOrderStatus])
        #expect(ours.faults == [])
        #expect(ours.bookings == ["+1@100"])
    }

    @Test func aFinishedOrderCannotBeCancelledOrModified() throws {
        let (reference, ours) = try Self.both(Self.book + """
            t 120 | buy 1: 2 @ 99
            t 205 | sell-trade 1 @ 98
            t 320 | cancel 1
            t 420 | modify 1: 2 @ 99
            """)
        #expect(reference.codes == [.ok, .ok, .ok])
        #expect(reference.position == 6)
        #expect(ours.codes == [.ok, .invalidOrderStatus, .invalidOrderStatus])
        #expect(ours.position == 2)
    }

    /// Requests from 151 to 300 are refused on the way.
    static let refusing = [
        LatencyRow(requestNs: 100, exchangeNs: 110, responseNs: 130), LatencyRow(requestNs: 150, exchangeNs: 160, responseNs: 180),
        LatencyRow(requestNs: 151, exchangeNs: 0, responseNs: 191), LatencyRow(requestNs: 300, exchangeNs: 0, responseNs: 340),
        LatencyRow(requestNs: 301, exchangeNs: 311, responseNs: 331), LatencyRow(requestNs: 9000, exchangeNs: 9010, responseNs: 9030),
    ]
    static let refusingSpec = plainSpec {
        $0.latency = .interpolated(offsetNs: 0)
        $0.exchange = .partialFill
    }

    /// The reference goes by the status of the refused message, and so books only whole fills again.
    @Test func aRefusedRequestBooksNothing() throws {
        let (reference, ours) = try Self.both("""
            t 50 | bid 100 x 5 | ask 101 x 5
            t 120 | buy 1: 6 @ 100
            t 145 | sell-trade 7 @ 100
            t 200 | cancel 1
            """, spec: Self.refusingSpec, latency: Self.refusing)
        #expect(reference.bookings == [])
        #expect(ours.bookings == ["+2@100"])
        #expect(ours.status(1) == .partiallyFilled)
        #expect(ours.order(1)?.request == OrderStatus.none)
    }

    @Test func aRefusedModifyLeavesTheOrderAsItWas() throws {
        let (reference, ours) = try Self.both("""
            t 50 | bid 100 x 5 | ask 101 x 5
            t 120 | buy 1: 3 @ 99
            t 200 | modify 1: 2 @ 98
            """, spec: Self.refusingSpec, latency: Self.refusing)
        #expect(reference.order(1)?.priceTick == 98)
        #expect(reference.order(1)?.quantity == 2)
        #expect(ours.order(1)?.priceTick == 99)
        #expect(ours.order(1)?.quantity == 3)
    }

    @Test func aModifyExecutesWhatItSays() throws {
        let (reference, ours) = try Self.both(Self.book + """
            t 120 | buy 1: 3 @ 99
            t 170 | modify 1: 8 @ 99
            t 700 | sell-trade 1 @ 98
            """)
        #expect(reference.bookings == ["+3@99"])
        #expect(ours.bookings == ["+8@99"])
    }

    @Test func aFillDoesNotHideAPendingCancel() throws {
        let (reference, ours) = try Self.both(Self.book + """
            t 120 | buy 1: 6 @ 100
            t 200 | cancel 1
            t 205 | sell-trade 7 @ 100
            t 227 | cancel 1
            """, spec: Self.partial)
        #expect(reference.codes == [.ok, .ok, .ok])
        #expect(ours.codes == [.ok, .ok, .requestInProcess])
        #expect(ours.status(1) == .canceled)
        #expect(ours.order(1)?.leavesQuantity == 4)
    }
}
