import HBTTypes

/// Orders of a live run that rested, with what became of them, from the run's journal.
struct RestingOrders {
    struct Watch {
        let asset: Int
        let side: Side
        let tick: Int64
        let quantity: Double
        /// Venue clock; nil until the venue has taken it.
        var acceptedNs: Int64?
        /// Of its first execution.
        var filledNs: Int64?
        /// When it stopped resting unfilled, at the latest.
        var endNs: Int64?
        /// It took liquidity, or was refused: its queue says nothing.
        var isOut = false
    }
    private(set) var watches: [Watch] = []
    private var current: [OrderKey: Int] = [:]

    init(_ reader: JournalReader, assets: Int) throws(JournalError) {
        while let entry = try reader.next() {
            switch entry {
            case .request(let kind, let asset, let order) where asset >= 0 && asset < assets: request(kind, asset, order)
            case .answer(let asset, let order, _, _) where asset >= 0 && asset < assets: answer(asset, order)
            default: break
            }
        }
        watches = watches.filter { !$0.isOut && $0.acceptedNs != nil }.sorted { ($0.acceptedNs ?? 0) < ($1.acceptedNs ?? 0) }
    }

    private mutating func request(_ kind: OrderRecord.Kind, _ asset: Int, _ order: Order) {
        let key = OrderKey(asset: asset, orderId: order.orderId, use: 0)
        switch kind {
        case .submit:
            guard order.type == .limit else { return current[key] = nil }
            current[key] = watches.count
            watches.append(Watch(asset: asset, side: order.side, tick: order.priceTick, quantity: order.quantity))
        case .modify:
            // Where a changed order stands depends on the venue: it counts until then.
            if let place = current[key], watches[place].filledNs == nil { watches[place].endNs = order.localNs }
            current[key] = nil
        case .cancel, .response: break
        }
    }

    private mutating func answer(_ asset: Int, _ order: Order) {
        guard let place = current[OrderKey(asset: asset, orderId: order.orderId, use: 0)] else { return }
        if order.executionId != 0 {
            if !order.isMaker || watches[place].acceptedNs == nil { watches[place].isOut = true }
            if watches[place].filledNs == nil { watches[place].filledNs = order.exchangeNs }
        } else if order.request == .rejected {
            if watches[place].acceptedNs == nil { watches[place].isOut = true }
        } else if order.status == .new {
            if watches[place].acceptedNs == nil { watches[place].acceptedNs = order.exchangeNs }
        } else if order.isInactive {
            if watches[place].filledNs == nil { watches[place].endNs = order.exchangeNs }
        }
    }
}
