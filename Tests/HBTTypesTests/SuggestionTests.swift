@testable import HBTTypes
import Testing

@Suite struct SuggestionTests {
    @Test func distances() {
        #expect(Suggestion.distance("", "abc") == 3)
        #expect(Suggestion.distance("abc", "") == 3)
        #expect(Suggestion.distance("abc", "ABC") == 0)
        #expect(Suggestion.distance("kitten", "sitting") == 3)
        // A swap of neighbours is one slip of the fingers.
        #expect(Suggestion.distance("makre", "maker") == 1)
    }

    @Test func nearestWord() {
        let known = ["tick_size", "lot_size", "symbol"]
        #expect(Suggestion.nearest(to: "tick_sise", among: known) == "tick_size")
        #expect(Suggestion.nearest(to: "ticksize", among: known) == "tick_size")
        #expect(Suggestion.nearest(to: "colour", among: known) == nil)
        #expect(Suggestion.nearest(to: "anything", among: []) == nil)
    }

    @Test func tiesGoToTheAlphabeticallyFirst() {
        #expect(Suggestion.nearest(to: "ax", among: ["ac", "ab"]) == "ab")
        #expect(Suggestion.nearest(to: "ax", among: ["ab", "ac"]) == "ab")
    }
}
