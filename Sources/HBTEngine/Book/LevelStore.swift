import HBTTypes

/// The levels of one side of a book: tick → quantity.
///
/// A plain value holding raw memory, so that the loops that use it carry no reference counting;
/// the owner calls `deallocate()` once.
protocol LevelStore {
    /// Both sides of a book are made from the same description.
    init(grid: Grid, spec: BookSpec)
    func deallocate()

    /// True when updates outside a range of ticks are ignored and quantities there are unknown.
    static var isRanged: Bool { get }
    /// Lowest and highest tick kept.
    var lowerTick: Int64 { get }
    var upperTick: Int64 { get }

    /// Stored quantity, 0 when there is none; `tick` must lie in range.
    func quantity(_ tick: Int64) -> Double
    /// Stores a quantity; `tick` must lie in range.
    mutating func set(_ tick: Int64, _ quantity: Double)
    /// Highest tick in `lower...upper` with a quantity above 0.
    func highest(from upper: Int64, downTo lower: Int64) -> Int64?
    /// Lowest tick in `lower...upper` with a quantity above 0.
    func lowest(from lower: Int64, upTo upper: Int64) -> Int64?
    /// Removes every level in `lower...upper`.
    mutating func clear(from lower: Int64, upTo upper: Int64)
    mutating func removeAll()
    /// Calls `body` with every stored quantity that is not 0, in ascending order of ticks.
    func forEachStored(_ body: (Int64, Double) -> Void)
    /// Sum of quantities over `lower..<upper`, added in a fixed order of eight lanes.
    func sum(from lower: Int64, upTo upper: Int64) -> Double
    /// The same sum, added one by one upward or downward: equal to a simple loop in the last bit.
    func serialSum(from lower: Int64, upTo upper: Int64, isDescending: Bool) -> Double
    /// How sizes are written to a saved state, if they go into it that way.
    static var stateUnit: LevelColumns.Unit { get }
    /// Adds every 64 ticks that hold a quantity; with a `base` those that differ from its.
    func collect(into columns: inout LevelColumns, besides base: Self?)
    /// Takes over the levels of `base`; there are none yet.
    mutating func copy(from base: Self)
    mutating func restore(from columns: LevelColumns) throws(StateError)
    /// An order of ours rests at `tick`, or no longer does.
    mutating func markOwn(_ tick: Int64, _ isOwn: Bool)
}

extension LevelStore {
    /// Only levels that look out for own ticks care.
    mutating func markOwn(_ tick: Int64, _ isOwn: Bool) {}
}
