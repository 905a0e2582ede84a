import Foundation
import Testing

@Suite struct TidyTests {
    /// The package's root, from where this file is.
    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    @Test func everyFileIsTidy() throws {
        var faults: [String] = []
        var count = 0
        for folder in ["Sources", "Tests", "Networking/Sources", "Networking/Tests"] {
            let names = try FileManager.default.subpathsOfDirectory(atPath: Self.root.appendingPathComponent(folder).path)
            for name in names.sorted() where name.hasSuffix(".swift") {
                let path = "\(folder)/\(name)"
                let text = try String(contentsOf: Self.root.appendingPathComponent(path), encoding: .utf8)
                faults += TidyRules.faults(in: SourceText(path: path, text: text))
                count += 1
            }
        }
        #expect(faults.isEmpty, "\(faults.joined(separator: "\n"))")
        #expect(count > 20)
    }

    private func faults(_ code: String, path: String = "Sources/HBTConfig/A.swift") -> [String] {
        TidyRules.faults(in: SourceText(path: path, text: code)).map { String($0.dropFirst(path.count + 1)) }
    }

    @Test func eachRuleFindsItsFault() {
        #expect(faults("let a = try! b()") == ["1: try!"])
        #expect(faults("\nlet a = b as! C") == ["2: as!"])
        #expect(faults("fatalError(\"x\")") == ["1: fatalError("])
        #expect(faults("// TODO: later") == ["1: TODO"])
        #expect(faults("/* a\nFIXME */ let XXX = 1") == ["2: FIXME", "2: XXX"])
        #expect(faults("\tlet a = 1") == ["1: tab"])
        #expect(faults(String(repeating: "x", count: 161)) == ["1: 161 characters wide"])
        #expect(faults("#expect(Bool(true))", path: "Tests/A.swift") == ["1: #expect(Bool(true))"])
        #expect(faults("let a = b!.c") == ["1: force unwrap"])
        #expect(faults("f(a[0]!)") == ["1: force unwrap"])
        #expect(faults("let a = b()!") == ["1: force unwrap"])
        #expect(faults("let a = \"x \\(b!) y\"") == ["1: force unwrap"])
        #expect(faults("let a = b!.c", path: "Tests/A.swift") == [])
    }

    @Test func theEngineIsBoundTighter() {
        let engine = "Sources/HBTEngine/A.swift"
        for code in [
            "import Foundation", "Date()", "ContinuousClock()", "SystemRandomNumberGenerator()", "Int.random(in: 0..<1)",
            "var a: Dictionary<Int, Int>", "var a: Set<Int>", "var a = Set([1])", "var a: X = [:]",
        ] {
            #expect(faults(code, path: engine).count == 1, "\(code)")
            let elsewhere = faults(code)
            #expect(elsewhere == [], "\(code)")
        }
        #expect(faults("var a: [Int: [Int]]", path: engine) == ["1: dictionary type"])
        #expect(faults("let a = Array(x), b: [Int] = [], c = BitSet<Int>(), d = Update(1)", path: engine) == [])
        #expect(faults("let a = flag ? [x] : [y]; f(a: [1], b: x[i])", path: engine) == [])
        #expect(faults("import Foundation", path: "Sources/HBTTypes/A.swift") == ["1: import Foundation"])
    }

    @Test func wordsInStringsAndCommentsAreNoCode() {
        #expect(faults(#"let a = "try! as! fatalError( TODO b!.c \" x!.y""#) == [])
        #expect(faults("let a = #\"\\(b!) \"c!\" \"#") == [])
        #expect(faults("let a = \"\"\"\n  b!.c \"d!\" try!\n  \"\"\"") == [])
        #expect(faults("let a = \"\"\"\n  b \\\n  c\n  \"\"\"\nlet d = try! e()") == ["5: try!"])
        #expect(faults("// try! a!.b as! fatalError(") == [])
        #expect(faults("/* /* try! */ a!.b */ let c = d != e && !f") == [])
        #expect(faults("let a = \"x\\(f(\"try!\", (b)))try!\" ; try! c()") == ["1: try!"])
    }

    @Test func longFilesGiveAReason() {
        let long = String(repeating: "let a = 1\n", count: 400)
        #expect(faults(long) == ["1: 401 lines; split it, or give the reason near the top as // Size: …"])
        #expect(faults("// Size: one table of constants\n" + long) == [])
    }
}
