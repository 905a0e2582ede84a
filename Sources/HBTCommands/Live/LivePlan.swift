import HBTConfig
import HBTEngine
import HBTLive
import HBTTypes

/// A live run's settings, understood: what is to be known before a socket is opened.
public struct LivePlan {
    let plan: RunPlan
    /// Fills are simulated.
    public let isPaper: Bool
    public let venue: VenueSettings
    /// Without `[risk]` (paper only) nothing is limited.
    public let risk: RiskLimits

    public var name: String { plan.settings.name }
    /// Some asset has `marks`: mark prices and, on paper, funding come from the venue then.
    public var listensToMarks: Bool { plan.settings.assets.contains { !$0.markFiles.isEmpty } }
    public var specs: [AssetSpec] { plan.settings.assets.map(\.spec) }

    /// - Parameters:
    ///   - overrides: `key=value` texts, applied in order.
    ///   - strategies: may be named in the file, beside the built-in ones.
    /// - Throws: the first mistake, with its place.
    public init(file: String, overrides: [String] = [], isPaper: Bool, strategies: [any Strategy.Type] = []) throws {
        let registry = StrategyRegistry(strategies, builtIn: HBTMain.builtIn)
        plan = try RunPlan(file: file, overrides: overrides.map { SettingArgument($0) }, registry: registry, isLive: true)
        self.isPaper = isPaper
        guard let venue = plan.live.venue else {
            throw CommandError("\(file): a live run needs a [venue] table that says which market it is on; see docs/settings.md")
        }
        self.venue = venue
        guard isPaper || plan.live.risk != nil else {
            throw CommandError("\(file): --live sends real orders and needs a [risk] table with its limits; see docs/settings.md")
        }
        risk = plan.live.risk ?? RiskLimits(maxPositionValue: .infinity, maxOrderValue: .infinity, maxLoss: .infinity, deadMansSwitchNs: 0)
        try Self.checkSymbols(plan.settings.assets)
        try Self.checkWarmup(plan)
    }

    private static func checkSymbols(_ assets: [AssetSettings]) throws {
        var seen: [String] = []
        for asset in assets {
            let symbol = asset.spec.symbol.uppercased()
            guard !symbol.isEmpty, symbol.utf8.allSatisfy({ (48...57).contains($0) || (65...90).contains($0) || $0 == 95 }) else {
                throw SettingsError(asset.dataLocation, "\"\(asset.spec.symbol)\" is no symbol of the venue (letters, digits and _)")
            }
            guard !seen.contains(symbol) else { throw SettingsError(asset.dataLocation, "\(symbol) is there twice; a live run has each symbol once") }
            seen.append(symbol)
        }
    }

    private static func checkWarmup(_ plan: RunPlan) throws {
        guard let warmup = plan.warmup, warmup.source == .replay else { return }
        throw SettingsError(
            warmup.location, "a live run plays no history; write source = \"snapshot\" and the folder of an earlier live run, or \"cold\" with a duration")
    }
}

/// Any error as the one line after `hbt: `.
public func errorLine(_ error: any Error) -> String { ErrorLine.text(error) }
