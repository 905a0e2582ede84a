import HBTTypes

/// Puts messages, made in exchange order by streams that each keep their local order, into the
/// order of both clocks while they are being made (semantics: `correct_event_order`).
struct MessageMerger {
    struct Message {
        var exchangeNs: Int64
        var localNs: Int64
        var sequence: Int
        var rows: [MarketEvent]
    }

    /// In exchange order, and by stream in local order. Heads are removed in batches.
    private var byExchange: [Message] = []
    private var exchangeHead = 0
    private var streams: [[Message]] = [[], []]
    private var streamHeads = [0, 0]
    private var sequence = 0
    /// The receipt that comes next, so that a millisecond without one costs a comparison.
    private var nextLocalNs = Int64.max

    mutating func add(exchangeNs: Int64, localNs: Int64, stream: Int, rows: [MarketEvent]) {
        let message = Message(exchangeNs: exchangeNs, localNs: localNs, sequence: sequence, rows: rows)
        sequence += 1
        nextLocalNs = min(nextLocalNs, localNs)
        byExchange.append(message)
        streams[stream].append(message)
    }

    /// Moves to `output` what no later message can come before: messages not yet made are received
    /// at `nowNs` or later.
    mutating func drain(nowNs: Int64, into output: inout [MarketEvent]) {
        guard nowNs >= nextLocalNs else { return }
        while true {
            let stream = localHead()
            guard let stream else {
                nextLocalNs = .max
                break
            }
            let l = streams[stream][streamHeads[stream]]
            guard l.localNs <= nowNs else {
                nextLocalNs = l.localNs
                break
            }
            guard exchangeHead < byExchange.count else {
                emit(l, EventFlags.local, &output)
                streamHeads[stream] += 1
                continue
            }
            let e = byExchange[exchangeHead]
            if e.exchangeNs == l.exchangeNs, e.localNs == l.localNs {
                emit(e, EventFlags.exchange | EventFlags.local, &output)
                exchangeHead += 1
                streamHeads[stream] += 1
            } else if e.exchangeNs < l.exchangeNs || (e.exchangeNs == l.exchangeNs && e.localNs < l.localNs) {
                emit(e, EventFlags.exchange, &output)
                exchangeHead += 1
            } else {
                emit(l, EventFlags.local, &output)
                streamHeads[stream] += 1
            }
        }
        compact()
    }

    private func localHead() -> Int? {
        let a = streamHeads[0] < streams[0].count ? streams[0][streamHeads[0]] : nil
        let b = streamHeads[1] < streams[1].count ? streams[1][streamHeads[1]] : nil
        guard let a else { return b == nil ? nil : 1 }
        guard let b else { return 0 }
        return (a.localNs, a.sequence) < (b.localNs, b.sequence) ? 0 : 1
    }

    private func emit(_ message: Message, _ flags: UInt64, _ output: inout [MarketEvent]) {
        for var row in message.rows {
            row.ev |= flags
            row.localNs = message.localNs
            output.append(row)
        }
    }

    private mutating func compact() {
        if exchangeHead > 64 {
            byExchange.removeFirst(exchangeHead)
            exchangeHead = 0
        }
        for s in 0..<2 where streamHeads[s] > 64 {
            streams[s].removeFirst(streamHeads[s])
            streamHeads[s] = 0
        }
    }
}
