/// How a run reads its market data. Every mode gives the same run, to the last bit.
public enum ReplayMode: String, Sendable, CaseIterable {
    /// The fastest that the data and the settings allow.
    case auto
    /// Row by row, without a tape.
    case rows
    /// From a tape; the venue's book is brought along with every row near our orders.
    case full
    /// From a tape; the venue's rows are looked at only for levels where an order of ours rests.
    case scan
    /// From a tape and its index; only rows that can move an order of ours are visited.
    case index
}
