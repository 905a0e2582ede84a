import Foundation
import HBTConfig
import HBTTypes
import Testing

@Suite struct LoadTests {
    private func refusal(_ bytes: [UInt8]) -> String? {
        let path = NSTemporaryDirectory() + "hbt-load-\(UUID().uuidString).toml"
        defer { unlink(path) }
        #expect(FileManager.default.createFile(atPath: path, contents: Data(bytes)))
        do {
            _ = try SettingsFile.load(path: path)
            return nil
        } catch {
            #expect(error.location.file == path)
            return error.location.line > 0 ? "\(error.location.line): \(error.message)" : error.message
        }
    }

    @Test func filesThatAreNone() {
        #expect(throws: SettingsError(SourceLocation(file: "no/such.toml", line: 0), "there is no such file")) {
            try SettingsFile.load(path: "no/such.toml")
        }
        #expect(throws: SettingsError(SourceLocation(file: "/", line: 0), "this is a folder; name the settings file in it")) {
            try SettingsFile.load(path: "/")
        }
        #expect(throws: SettingsError(SourceLocation(file: "/dev/null", line: 0), "this is not a file")) {
            try SettingsFile.load(path: "/dev/null")
        }
        #expect(throws: SettingsError(SourceLocation(file: "", line: 0), "the path of the settings file is empty")) {
            try SettingsFile.load(path: "")
        }
    }

    @Test func contentsThatAreNone() {
        #expect(refusal([]) == "the file is empty; see docs/settings.md")
        #expect(refusal(Array("# nothing\n\n".utf8)) == "there are no settings in this file; see docs/settings.md")
        #expect(refusal(Array("a = 1\nb = \"".utf8) + [0xE9, 0x22]) == "2: not UTF-8 text; save the file as UTF-8")
        #expect(refusal(Array("a = 1\n\nb".utf8) + [0] + Array(" = 2".utf8)) == "3: a NUL byte; settings files are UTF-8 text")
        #expect(refusal(Array(repeating: 0x23, count: (4 << 20) + 1)) == "larger than 4 MiB: this is not a settings file")
    }

    @Test func aGoodFile() throws {
        #expect(refusal(Array(Sample.text.utf8)) == nil)
    }

    private func parseRefusal(_ text: String) -> String? {
        do {
            _ = try SettingsFile.parse(text: text, file: "x.toml")
            return nil
        } catch {
            return error.description
        }
    }

    @Test func brokenTOMLNamesLineAndColumn() throws {
        let unclosed = try #require(parseRefusal("a = 1\nb = [1, 2\n"))
        #expect(unclosed.hasPrefix("x.toml:2: not valid TOML: "))
        let twice = try #require(parseRefusal("a = 1\n\na = 2\n"))
        #expect(twice.hasPrefix("x.toml:3: not valid TOML: "))
        let bare = try #require(parseRefusal("a = 1\n  b 10\n"))
        #expect(bare.hasPrefix("x.toml:2: not valid TOML: ") && bare.hasSuffix("(column 5)"))
        // The mistake is in line 1, not in what the scanner makes of line 3.
        let misled = try #require(parseRefusal("a = 'x\nb = 1\n[=]\n"))
        #expect(misled.hasPrefix("x.toml:1: not valid TOML: "))
        for message in [unclosed, twice, bare] { #expect(!message.contains("\n")) }
    }

    @Test(arguments: ["10ms", "True", "1__0", "01", "0x", ".5", "5.", "1e", "+0x1", "_1", "1_", "1 2", "é", "--1", "nano", "0o8", "0b2"])
    func wordsThatAreNoValues(word: String) {
        #expect(parseRefusal("a = 1\nb = [\(word)] # x")
            == "x.toml:2: \(word) is neither a number nor true or false; write text and durations in quotes")
    }

    @Test func whatTheParserCannotBeTrustedWith() {
        #expect(parseRefusal("a = 1\nb = \"x\\u0000y\"") == "x.toml:2: strings cannot contain the character U+0000")
        #expect(parseRefusal("a = '\\u0000'") == nil)
        for header in ["[=]", "[[ . ]]", "[\n]", "[#]", "[]"] {
            #expect(parseRefusal("a = 1\n\(header)\n") == "x.toml:2: a table header needs a name, such as [strategy]")
        }
        #expect(parseRefusal("a = [1,\n}]") == "x.toml:2: there is a } where a value or ] is expected")
        for date in ["1979-05-27 0", "1979-05-27", "07:32", "1979-05-27T07:32:00Z", "19_79-0"] {
            #expect(parseRefusal("a = \(date) # x\n") == "x.toml:1: \(date) is a date or time; no setting is one, write it in quotes")
        }
        let deepKey = Array(repeating: "a", count: 100_000).joined(separator: ".")
        #expect(parseRefusal("\(deepKey) = 1") == "x.toml:1: this key has more than 32 parts")
        #expect(parseRefusal("\n[\(deepKey)]") == "x.toml:2: this key has more than 32 parts")
        let deepArray = String(repeating: "[", count: 100_000)
        #expect(parseRefusal("a = \(deepArray)") == "x.toml:1: values are nested more than 32 deep")
        let deepTable = String(repeating: "{a=", count: 100_000)
        #expect(parseRefusal("a = \(deepTable)") == "x.toml:1: values are nested more than 32 deep")
    }
}
