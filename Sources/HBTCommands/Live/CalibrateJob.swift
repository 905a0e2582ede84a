import HBTLive
import HBTTypes

/// Fits queue models to the fills of a journalled live run, asset by asset.
struct CalibrateJob {
    /// A journal, or the run's folder with `journal` in it.
    let place: String
    let ownInBook: Bool
    let session: Session

    struct Asset {
        var symbol: String
        var queue: QueueModel
        var calibration: QueueCalibration
    }

    func run() throws -> [Asset] {
        let inside = FileTree.join(place, "journal")
        let journal = FileTree.kind(inside) == .folder ? inside : place
        guard case .start(let start)? = try JournalReader(journal).next() else {
            throw CommandError("\(journal) does not begin with its settings; give the folder with its first file (000001.hbtj)")
        }
        guard !start.isPaper else { throw CommandError("\(place): a paper run's fills are the backtest's own; a queue model is fitted to those of a venue") }
        let plan = try RunPlan(text: start.settings, name: "the journal's settings", registry: session.strategies, isLive: true)
        let specs = plan.settings.assets.map(\.spec)
        let histories = try QueueHistories.read(journal, specs: specs, ownInBook: ownInBook)
        return specs.enumerated().map { index, spec in
            Asset(symbol: spec.symbol, queue: spec.queue, calibration: QueueCalibration(histories.filter { $0.asset == index }))
        }
    }
}
