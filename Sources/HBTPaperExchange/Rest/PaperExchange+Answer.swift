import HBTBinance

extension PaperExchange {
    /// Does what a call asks and writes the answer's body. The caller has checked who asks.
    func answer(_ call: RestCall, account: Int?) throws(VenueError) -> [UInt8] {
        if let body = try publicAnswer(call) { return body }
        guard let account else { throw VenueError(-1002, "You are not authorized to execute this request.", httpStatus: 401) }
        if let body = try orderAnswer(call, account: account) { return body }
        if let body = try orderListAnswer(call, account: account) { return body }
        if let body = try algoAnswer(call, account: account) { return body }
        if let body = try accountAnswer(call, account: account) { return body }
        throw VenueError(-5000, "Path \(call.name), Method \(call.method) is invalid", httpStatus: 404)
    }

    func symbolBook(_ call: RestCall) throws(VenueError) -> Int {
        let symbol = try call.text("symbol")
        guard let book = book(call.market, symbol) else { throw .badSymbol }
        return book
    }

    /// Books of a call whose `symbol` may be left out.
    func chosenBooks(_ call: RestCall) throws(VenueError) -> [Int] {
        if call.query["symbol"] != nil { return [try symbolBook(call)] }
        return books.indices.filter { books[$0].rules.market == call.market }
    }

    static let empty = Array("{}".utf8)

    func list(_ write: (inout JSONWriter) -> Void) -> [UInt8] {
        encoded { out in
            out.beginArray()
            write(&out)
            out.endArray()
        }
    }

    func object(_ write: (inout JSONWriter) -> Void) -> [UInt8] {
        encoded { out in
            out.beginObject()
            write(&out)
            out.endObject()
        }
    }
}
