import HBTTypes

/// A column of a structured array.
public struct NpyField: Equatable, Sendable {
    public var name: String
    /// numpy's type string: byte order, kind, size; `<i8` is a little-endian 64-bit integer.
    public var type: String

    public init(_ name: String, _ type: String) {
        self.name = name
        self.type = type
    }
}

/// A row whose bytes in memory are its bytes in an npy file.
///
/// The fields are the stored properties in order, without padding, each 8 bytes, little endian.
public protocol NpyRow: BitwiseCopyable, Sendable {
    static var npyFields: [NpyField] { get }
}

extension NpyRow {
    static var rowBytes: Int { MemoryLayout<Self>.stride }
}

extension MarketEvent: NpyRow {
    /// HftBacktest's `event_dtype`.
    public static let npyFields = [
        NpyField("ev", "<u8"), NpyField("exch_ts", "<i8"), NpyField("local_ts", "<i8"), NpyField("px", "<f8"),
        NpyField("qty", "<f8"), NpyField("order_id", "<u8"), NpyField("ival", "<i8"), NpyField("fval", "<f8"),
    ]
}

extension LatencyRow: NpyRow {
    /// The rows of HftBacktest's interpolated order latency.
    public static let npyFields = [
        NpyField("req_ts", "<i8"), NpyField("exch_ts", "<i8"), NpyField("resp_ts", "<i8"), NpyField("_padding", "<i8"),
    ]
}

extension RecordRow: NpyRow {
    /// HftBacktest's `record_dtype`.
    public static let npyFields = [
        NpyField("timestamp", "<i8"), NpyField("price", "<f8"), NpyField("position", "<f8"), NpyField("balance", "<f8"),
        NpyField("fee", "<f8"), NpyField("num_trades", "<i8"), NpyField("trading_volume", "<f8"),
        NpyField("trading_value", "<f8"),
    ]
}
