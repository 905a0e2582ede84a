import Testing

@testable import HBTCommands

@Suite struct VectorComparisonTests {
    private func difference(_ expected: VectorValue, _ seen: VectorValue) -> String? {
        VectorComparison().difference(expected, seen, at: "x")
    }

    @Test func wholeDoublesEqualIntegers() {
        #expect(difference(.integer(3), .double(3)) == nil)
        #expect(difference(.double(3), .integer(3)) == nil)
    }

    @Test func integersAreNotComparedAsDoubles() {
        #expect(difference(.integer(9_007_199_254_740_993), .integer(9_007_199_254_740_992)) != nil)
        #expect(difference(.integer(.max), .integer(.max - 1)) != nil)
    }

    @Test func notANumberEqualsItselfAlone() {
        #expect(difference(.string("nan"), .double(.nan)) == nil)
        #expect(difference(.string("nan"), .double(0)) != nil)
        #expect(difference(.double(0), .double(.nan)) != nil)
        #expect(difference(.string("inf"), .double(-.infinity)) != nil)
    }

    @Test func nullEqualsNullAlone() {
        #expect(difference(.null, .null) == nil)
        #expect(difference(.null, .integer(0)) != nil)
        #expect(difference(.array([]), .null) != nil)
    }

    @Test func listsAreComparedToTheirEnd() {
        #expect(difference(.array([.integer(1)]), .array([.integer(1), .integer(2)])) == "x[1]: expected nothing, got 2")
        #expect(difference(.array([.integer(1), .integer(2)]), .array([.integer(1)])) == "x[1]: expected 2, got nothing")
    }
}
