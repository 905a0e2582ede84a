import HBTEngine
import HBTMarketData
import HBTTypes
import Testing

@testable import HBTLive

/// From a journal to an exponent: the "venue" is the simulated exchange with a known one.
struct QueueHistoriesTests {
    /// Bids and asks at the touch twice a second, each left alone for four seconds.
    private func journal(_ exponent: Double, seed: UInt64, seconds: Int64, in folder: ScratchFolder) throws -> AssetSpec {
        let rows = try TestRuns.market(seed: seed, seconds: seconds, isByReceipt: false)
        var spec = TestRuns.spec
        spec.queue = .powerProb(n: exponent)
        let run = try Backtest(assets: [AssetInput(spec: spec, events: ArrayEventSource(rows))], compatibility: .none)
        run.keepsOrders = true
        var id: UInt64 = 0
        while run.elapse(500_000_000) == .ok {
            let depth = run.depth(0)
            for order in run.orders(0) where order.isCancellable && run.nowNs - order.localNs > 4_000_000_000 { run.cancel(asset: 0, orderId: order.orderId) }
            run.clearInactiveOrders(asset: 0)
            guard depth.mid.isFinite else { continue }
            for (side, price) in [(Side.buy, depth.bestBid), (.sell, depth.bestAsk)] {
                id += 1
                run.submit(asset: 0, side: side, orderId: id, price: price, quantity: 0.001, timeInForce: .gtx)
            }
        }
        let writer = try JournalWriter(folder: folder.path)
        writer.add(.start(JournalStart(settings: "", runId: "r", isPaper: false, reorderNs: 0, latencyLimitNs: 0)))
        rows.withUnsafeBufferPointer { writer.add(rows: $0, asset: 0) }
        for record in run.takeOrders() {
            if record.kind == .response {
                writer.add(.answer(asset: 0, order: record.order, fee: nil, localNs: record.localNs))
            } else {
                writer.add(.request(record.kind, asset: 0, order: record.order))
            }
        }
        #expect(writer.synchronise())
        return spec
    }

    @Test(arguments: [0.7, 3.0])
    func aRunsOwnExponentIsFound(exponent: Double) throws {
        for seed in UInt64(21)...23 {
            let folder = ScratchFolder()
            let spec = try journal(exponent, seed: seed, seconds: 200, in: folder)
            let histories = try QueueHistories.read(folder.path, specs: [spec], ownInBook: false)
            let calibration = QueueCalibration(histories, families: [.powerProb])
            let fit = try #require(calibration.fits.first, "\(calibration.refusal ?? "")")
            let found = try #require(fit.exponent), error = try #require(fit.standardError)
            #expect(abs(found - exponent) <= 2 * error, "seed \(seed): \(found) ± \(error)")
        }
    }

    /// Under the model that made them, every order is filled by the event that filled it.
    @Test func theHistoriesAreThoseOfTheSimulatedVenue() throws {
        let folder = ScratchFolder()
        let spec = try journal(2, seed: 5, seconds: 60, in: folder)
        let histories = try QueueHistories.read(folder.path, specs: [spec], ownInBook: false)
        #expect(histories.count(where: \.isFilled) > 5)
        for history in histories {
            var queue = QueueEstimate(model: spec.queue, lotSize: history.lotSize, ahead: history.ahead)
            var filledBy: Int?
            for (index, event) in history.events.enumerated() where filledBy == nil {
                switch event {
                case .trade(let size): queue.trade(size)
                case .depth(let previous, let now): queue.depth(previous: previous, now: now)
                }
                if queue.ahead < -0.4999 * history.lotSize { filledBy = index }
            }
            switch history.end {
            case .filled(let range):
                #expect(filledBy.map(range.contains) == true, "\(history.acceptedNs): \(range), not \(filledBy.map(String.init) ?? "never")")
            case .censored: #expect(filledBy == nil, "\(history.acceptedNs)")
            }
        }
    }
}
