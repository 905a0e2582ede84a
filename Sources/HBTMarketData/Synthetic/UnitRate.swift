/// Ticks or lots to prices or quantities that are the doubles nearest to the decimals meant.
///
/// 3 × 0.1 is not 0.3; 3 / 10 is. So a unit that is one over a whole number is divided by that
/// number, as the text of a real feed would have been rounded.
struct UnitRate {
    private let unit: Double
    private let perOne: Double?

    init(_ unit: Double) {
        self.unit = unit
        let inverse = (1 / unit).rounded()
        perOne = unit < 1 && inverse < 0x1p53 && abs(inverse * unit - 1) < 1e-12 ? inverse : nil
    }

    func value(_ count: Int) -> Double { perOne.map { Double(count) / $0 } ?? Double(count) * unit }
}
