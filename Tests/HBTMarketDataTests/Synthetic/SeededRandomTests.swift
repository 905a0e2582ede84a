import Testing

@testable import HBTMarketData

@Test func theGeneratorIsTheOnePublished() {
    // By hand from the definition: state 1, 2, 3, 4 gives rotl(2 × 5, 7) × 9 = 11520, then 0, then …
    var random = SeededRandom(seed: 0)
    #expect(random.next() == 0x99EC_5F36_CB75_F2B4)
}

@Test func variatesHaveTheirMoments() {
    var random = SeededRandom(seed: 5)
    let n = 200_000
    func moments(_ draw: (inout SeededRandom) -> Double) -> (mean: Double, variance: Double) {
        let values = (0..<n).map { _ in draw(&random) }
        let mean = values.reduce(0, +) / Double(n)
        return (mean, values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(n))
    }
    let uniform = moments { $0.uniform() }
    #expect(abs(uniform.mean - 0.5) < 0.005 && abs(uniform.variance - 1.0 / 12) < 0.001)
    let bell = moments { $0.bell() }
    #expect(abs(bell.mean) < 0.01 && abs(bell.variance - 1) < 0.01)
    let exponential = moments { $0.exponential() }
    #expect(abs(exponential.mean - 1) < 0.01 && abs(exponential.variance - 1) < 0.03)
    #expect((0..<1000).allSatisfy { _ in (0..<7).contains(random.below(7)) })
    #expect((0..<1000).allSatisfy { _ in (1...20).contains(random.heavyTail(limit: 20)) })
}
