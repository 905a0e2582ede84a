import HBTTypes
import Testing

@Suite struct SettingsTableTests {
    private func table(_ values: [(String, SettingValue)], path: String = "strategy") -> SettingsTable {
        let entries = values.enumerated().map { index, pair in
            SettingsTable.Entry(key: pair.0, value: pair.1, location: SourceLocation(file: "x.toml", line: index + 10))
        }
        return SettingsTable(entries, path: path, location: SourceLocation(file: "x.toml", line: 9))
    }

    private func message<T>(_ body: () throws(SettingsError) -> T) -> String? {
        do {
            _ = try body()
            return nil
        } catch {
            return error.description
        }
    }

    @Test func eachKindIsRead() throws {
        let inner = table([("x", .integer(1))], path: "strategy.inner")
        let t = table([
            ("s", .string("a")), ("i", .integer(5)), ("d", .double(1.5)), ("b", .bool(true)), ("t", .table(inner)), ("w", .string("2ms")),
        ])
        #expect(try t.string("s") == "a")
        #expect(try t.integer("i") == 5)
        #expect(try t.double("d") == 1.5)
        #expect(try t.double("i") == 5)
        #expect(try t.bool("b") == true)
        #expect(try t.table("t")?.integer("x") == 1)
        #expect(try t.durationNs("w") == 2_000_000)
        try t.finish()
    }

    @Test func absentKeysAreNil() throws {
        let t = table([])
        #expect(try t.string("a") == nil && t.integer("a") == nil && t.double("a") == nil && t.bool("a") == nil)
        #expect(try t.table("a") == nil && t.durationNs("a") == nil)
        #expect(message { () throws(SettingsError) in try t.require("a", t.string("a")) } == "x.toml:9: strategy.a is missing")
        #expect(try t.require("a", 1) == 1)
    }

    @Test func wrongKindsAreNamed() {
        let t = table([("a", .integer(1)), ("s", .string("x")), ("list", .array([]))])
        #expect(message { () throws(SettingsError) in try t.string("a") } == "x.toml:10: strategy.a is an integer; write a string in quotes")
        #expect(message { () throws(SettingsError) in try t.double("s") } == "x.toml:11: strategy.s is a string; write a number")
        #expect(message { () throws(SettingsError) in try t.integer("s") } == "x.toml:11: strategy.s is a string; write an integer")
        #expect(message { () throws(SettingsError) in try t.bool("s") } == "x.toml:11: strategy.s is a string; write true or false")
        #expect(message { () throws(SettingsError) in try t.table("list") } == "x.toml:12: strategy.list is an array; write a table")
        #expect(message { () throws(SettingsError) in try t.durationNs("a") }
            == "x.toml:10: strategy.a is an integer; write a duration with its unit, such as \"100ms\"")
        #expect(message { () throws(SettingsError) in try t.durationNs("s") }
            == "x.toml:11: strategy.s = \"x\" is not a duration; write a number and one of ns, us, ms, s, m, h, d, such as \"100ms\"")
    }

    @Test func finishRefusesWhatNobodyAskedFor() throws {
        let t = table([("half_spread", .integer(1)), ("half_spred", .integer(1)), ("zzz", .integer(1))])
        _ = try t.double("half_spread")
        _ = try t.double("skew")
        #expect(message(t.finish) == "x.toml:11: unknown setting strategy.half_spred; did you mean half_spread?")
        _ = try t.integer("half_spred")
        #expect(message(t.finish) == "x.toml:12: unknown setting strategy.zzz; known here: half_spread, half_spred, skew")
    }

    @Test func setReplacesInPlaceOrAddsAtTheEnd() throws {
        let t = table([("a", .integer(1)), ("b", .integer(2))], path: "")
        let option = SourceLocation(file: "--set", line: 0)
        t.set("a", .integer(3), location: option)
        t.set("c", .integer(4), location: option)
        #expect(t.entries.map(\.key) == ["a", "b", "c"])
        #expect(try t.integer("a") == 3 && t.integer("c") == 4)
        #expect(t.fullName("a") == "a")
        #expect(t.error("a", "is bad").description == "--set: a is bad")
        #expect(t.error("b", "is bad").description == "x.toml:11: b is bad")
        #expect(t.error("no", "is bad").description == "x.toml:9: no is bad")
    }
}
