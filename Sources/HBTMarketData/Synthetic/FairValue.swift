/// Where the price ought to be, in ticks: an efficient price with a slow volatility regime, plus a
/// noise that returns to zero within seconds.
///
/// The noise is what a patient quoter earns from, the efficient part what it loses to.
struct FairValue {
    private(set) var efficient: Double
    private(set) var noise = 0.0
    /// Slow order-flow pressure, about −2…2: it leans the deep book and drifts the price a little.
    private(set) var pressure = 0.0
    private(set) var regime = 1

    /// Ticks per √s at the middle regime.
    let volatility: Double
    private let noiseSize: Double
    private let lowest: Double

    static let regimes = [0.6, 1.0, 1.4, 2.0]
    /// Seconds until the noise has halved twice, about, and the same of the pressure.
    private static let noiseSeconds = 4.0, pressureSeconds = 300.0
    /// Share of a second's volatility that one unit of pressure drifts the price by in a second.
    private static let driftPerPressure = 0.03
    /// Share of the noise in a second's volatility.
    private static let noiseShare = 0.8

    init(start: Double, volatility: Double, lowest: Double) {
        efficient = start
        self.volatility = volatility
        noiseSize = Self.noiseShare * volatility
        self.lowest = lowest
    }

    var value: Double { efficient + noise }
    var regimeFactor: Double { Self.regimes[regime] }

    /// One millisecond.
    mutating func step(_ random: inout SeededRandom) {
        let now = volatility * regimeFactor
        // √0.001 s
        efficient += now * (0.0316227766016838 * random.bell() + Self.driftPerPressure * 0.001 * pressure)
        if efficient < lowest { efficient = 2 * lowest - efficient }
        let pull = 0.001 / Self.noiseSeconds
        noise += -pull * noise + noiseSize * regimeFactor * (2 * pull).squareRoot() * random.bell()
        let slow = 0.001 / Self.pressureSeconds
        pressure += -slow * pressure + (2 * slow).squareRoot() * random.bell()
        // A regime lasts two minutes on average.
        if random.uniform() < 0.001 / 120 {
            let up = random.uniform() < 0.5
            regime = min(max(regime + (up ? 1 : -1), 0), Self.regimes.count - 1)
        }
    }
}
