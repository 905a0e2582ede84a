/// A graph ready to be laid out in memory: nodes in topological order and what each kind needs.
struct FactorPlan {
    struct Asset {
        var scale: LotScale
        var windows: [DepthWindow] = []
        var pairs: [PairedLevels] = []
        var takers: [TradeTaker] = []
    }
    var assets: [Asset]
    var steps: [FactorStep] = []
    var inputs: [Int32] = []

    var squares: [RollingSums<SquareLanes>] = []
    var cubes: [RollingSums<CubeLanes>] = []
    var pairs: [RollingSums<PairLanes>] = []
    var extremes: [ExtremeWindow] = []
    var quantiles: [QuantileWindow] = []
    var sums: [SumWindow] = []
    var averages: [MovingAverage] = []
    var lags: [LagWindow] = []
    var returns: [ReturnSampler] = []
    var flows: [FlowWindow] = []
    var prices: [PriceWindow] = []
    var orderFlows: [OrderFlowWindow] = []
    var serials: [SerialScore] = []
    var combines: [CombineNode] = []
    /// Weights as asked for, their bounds, and the interactions of all combinations.
    var weights: [Double] = []
    var minimums: [Double] = []
    var maximums: [Double] = []
    var interactions: [Interaction] = []

    /// Nodes that an event of an asset touches directly: depth, best prices, trades.
    var depthNodes: [[Int]]
    var bestNodes: [[Int]]
    var tradeNodes: [[Int]]

    init(assets: [Asset]) {
        self.assets = assets
        depthNodes = Array(repeating: [], count: assets.count)
        bestNodes = depthNodes
        tradeNodes = depthNodes
    }
}
