import Testing

@testable import HBTMarketData

private func parse(_ text: String) -> PythonLiteral? { PythonLiteralParser.parse([UInt8](text.utf8), isUTF8: true) }

@Test func literalsOfNpyHeadersParse() {
    #expect(parse("'a'") == .text("a"))
    #expect(parse(#"  "it's" "#) == .text("it's"))
    #expect(parse(#"'it\'s'"#) == .text("it's"))
    #expect(parse("-12") == .number(-12))
    #expect(parse("12L") == .number(12), "Python 2 wrote lengths so")
    #expect(parse("(3,)") == .tuple([.number(3)]))
    #expect(parse("(3)") == .number(3), "without a comma parentheses only group")
    #expect(parse("()") == .tuple([]))
    #expect(parse("[('a', '<i8'), ('b', '<f8', (2,))]")
        == .list([.tuple([.text("a"), .text("<i8")]), .tuple([.text("b"), .text("<f8"), .tuple([.number(2)])])]))
    #expect(parse("{'x': True, 'y': [None, False], }")
        == .dictionary([
            .init(key: .text("x"), value: .truth(true)), .init(key: .text("y"), value: .list([.none, .truth(false)])),
        ]))
}

@Test(arguments: [
    "", "'a", "{'a' 1}", "[1 2]", "(1, 2", "1 2", "x", "{,}", "[,]", "99999999999999999999", "-", "{'a': }", "__import__('os')",
])
func anythingElseIsRefused(text: String) { #expect(parse(text) == nil) }

@Test func deepNestingIsRefusedBeforeTheStackEnds() {
    #expect(parse(String(repeating: "[", count: 1_000_000)) == nil)
}

@Test func oldHeadersAreLatin1() {
    #expect(PythonLiteralParser.parse([0x27, 0xe9, 0x27], isUTF8: false) == .text("é"))
}
