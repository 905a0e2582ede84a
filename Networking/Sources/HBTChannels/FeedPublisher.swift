import HBTTypes

/// What a live run sees and computes, published as it goes.
///
/// | topic | body |
/// |---|---|
/// | `rows/SYMBOL` | market rows of one message, 64 bytes each, little-endian: HftBacktest's event layout |
/// | `factors/NAME` | values of a graph's output nodes, one double each, in the order of `names/NAME` |
/// | `names/NAME` | ids of those nodes, one a line; sent again every second, for late subscribers |
/// | `account/SYMBOL` | position, balance, fee, equity, mid price: five doubles |
public struct FeedPublisher {
    public let publisher: ZeroMQPublisher
    private let rowTopics: [String]
    private let accountTopics: [String]
    private let factorTopic: String
    private let namesTopic: String
    private let names: [UInt8]
    private var nextNamesNs = Int64.min

    /// - Parameters:
    ///   - symbols: of the run's assets, in their order.
    ///   - factors: ids of the output nodes, in the order of their values.
    public init(_ publisher: ZeroMQPublisher, run: String, symbols: [String], factors: [String]) {
        self.publisher = publisher
        rowTopics = symbols.map { "rows/\($0)" }
        accountTopics = symbols.map { "account/\($0)" }
        factorTopic = "factors/\(run)"
        namesTopic = "names/\(run)"
        names = Array(factors.joined(separator: "\n").utf8)
    }

    public func rows(_ rows: UnsafeBufferPointer<MarketEvent>, asset: Int, localNs: Int64) throws(ChannelError) {
        try publisher.publish(topic: rowTopics[asset], localNs: localNs, body: UnsafeRawBufferPointer(rows))
    }

    public mutating func factors(_ values: UnsafeBufferPointer<Double>, localNs: Int64) throws(ChannelError) {
        if localNs >= nextNamesNs {
            nextNamesNs = localNs &+ 1_000_000_000
            try publish(namesTopic, names, localNs)
        }
        try publisher.publish(topic: factorTopic, localNs: localNs, body: UnsafeRawBufferPointer(values))
    }

    public func account(_ state: StateValues, mid: Double, equity: Double, asset: Int, localNs: Int64) throws(ChannelError) {
        try publish(accountTopics[asset], [state.position, state.balance, state.fee, equity, mid], localNs)
    }

    private func publish<Element: BitwiseCopyable>(_ topic: String, _ values: [Element], _ localNs: Int64) throws(ChannelError) {
        let result = values.withUnsafeBytes { body in
            Result { () throws(ChannelError) in try publisher.publish(topic: topic, localNs: localNs, body: body) }
        }
        try result.get()
    }
}
