@testable import HBTConfig
import HBTTypes
import Testing

/// The line of every key, in files written to mislead a scanner.
@Suite struct KeyLineTests {
    /// `path: line` of every key, in file order.
    private func lines(_ text: String) throws -> [String] {
        func walk(_ value: SettingValue, _ path: String) -> [String] {
            switch value {
            case .table(let table):
                table.entries.flatMap { entry in
                    let path = path.isEmpty ? entry.key : "\(path).\(entry.key)"
                    return ["\(path):\(entry.location.line)"] + walk(entry.value, path)
                }
            case .array(let items): items.enumerated().flatMap { walk($0.element, "\(path)[\($0.offset)]") }
            default: []
            }
        }
        return walk(.table(try SettingsFile.parse(text: text, file: "x.toml")), "")
    }

    @Test func plainKeysKeepFileOrder() throws {
        #expect(try lines("b = 1\n\n# a = 0\na = 2\n  c=3") == ["b:1", "a:4", "c:5"])
    }

    @Test func tablesAndDottedKeys() throws {
        let text = """
            x.y.z = 1
            x.y.w = 2
            [t]  # [u]
            b.c = 1
            [t.s]
            a = 1
            [ q . "r" ]
            k = 1
            """
        #expect(try lines(text) == [
            "x:1", "x.y:1", "x.y.z:1", "x.y.w:2", "t:3", "t.b:4", "t.b.c:4", "t.s:5", "t.s.a:6", "q:7", "q.r:7", "q.r.k:8",
        ])
    }

    @Test func tableDefinedAfterItsChild() throws {
        #expect(try lines("[a.b]\nx = 1\n[a]\ny = 2") == ["a:3", "a.b:1", "a.b.x:2", "a.y:4"])
    }

    @Test func arraysOfTables() throws {
        let text = """
            [[a]]
            x = 1
            [a.sub]
            y = 1
            [[a.deep]]
            z = 1
            [[a.deep]]
            z = 2

            [[a]]
            x = 2
            [a.sub]
            y = 2
            """
        #expect(try lines(text) == [
            "a:1", "a[0].x:2", "a[0].sub:3", "a[0].sub.y:4", "a[0].deep:5", "a[0].deep[0].z:6", "a[0].deep[1].z:8",
            "a[1].x:11", "a[1].sub:12", "a[1].sub.y:13",
        ])
    }

    @Test func tablesOfAnArrayStandAtTheirOwnHeaders() throws {
        let root = try SettingsFile.parse(text: "[[a]]\nx = 1\n\n[[a]]\nx = 2", file: "x.toml")
        guard case .array(let items)? = root.entry("a")?.value else { Issue.record("a is no array"); return }
        let starts = items.map { item -> Int in if case .table(let table) = item { table.location.line } else { 0 } }
        #expect(starts == [1, 4])
    }

    @Test func quotedKeys() throws {
        let text = #"""
            "a.b" = 1
            'c = d' = 2
            "e\"f\u0041" = 3
            "#".'[g]' = 4
            "" = 5
            """#
        #expect(try lines(text) == ["a.b:1", "c = d:2", "e\"fA:3", "#:4", "#.[g]:4", ":5"])
    }

    @Test func stringsThatLookLikeToml() throws {
        let text = #"""
            a = "x = 1 # \" [t]"
            b = 'y\'
            c = """
            d = 1
            [t]
            \""" e = 2
            """""
            f = '''
            g = 1'''
            h = """
            one \
              two"""
            i = ''''quoted''''
            j = ""
            k = """"""
            l = 1
            """#
        #expect(try lines(text) == ["a:1", "b:2", "c:3", "f:8", "h:10", "i:13", "j:14", "k:15", "l:16"])
    }

    @Test func arraysOverSeveralLines() throws {
        let text = """
            a = [ # one ] two
              1, [2, "]"],
              { x = 1, y = [3,
                4] },
              { x = 2 },
            ]
            b = [[1], [[2]]]
            """
        #expect(try lines(text) == ["a:1", "a[2].x:3", "a[2].y:3", "a[3].x:5", "b:7"])
    }

    @Test func inlineTables() throws {
        #expect(try lines("\na = { b = 1, c.d = { e = \"}\" }, 'f,' = [{g = 1}] }\nh = {}") == [
            "a:2", "a.b:2", "a.c:2", "a.c.d:2", "a.c.d.e:2", "a.f,:2", "a.f,[0].g:2", "h:3",
        ])
    }

    @Test func otherLineEndsAndByteOrderMark() throws {
        #expect(try lines("\u{FEFF}a = 1\r\n\r\n[t]\r\nb = \"\"\"\r\nx\r\n\"\"\"\r\nc = 1\r\n") == ["a:1", "t:3", "t.b:4", "t.c:7"])
    }

    @Test func numbersAndWordsOfEveryForm() throws {
        #expect(try lines("a = 0xFF_00\nb = -1e-3\nc = true\nd = +1_000.5 # x\ne = [1,2,]\nf = 1") == ["a:1", "b:2", "c:3", "d:4", "e:5", "f:6"])
    }
}
