import HBTBinance

/// Two spot orders of which one cancels the other (OCO).
struct PaperOrderList {
    let id: Int64
    let account: Int
    let book: Int
    let clientId: String
    /// The limit order's and the stop's numbers, in the order in which the venue lists them.
    let orders: [Int64]
    var updateMs: Int64
    /// Neither is open any more.
    var isDone = false
}
