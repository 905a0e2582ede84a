/// Where two folders of files first differ.
struct FileDifference: Equatable {
    var file: String
    /// Where in the file and what stands there: `line 3: "a" and "b"`, `byte 17: 0x41 and 0x42`.
    var place: String
}

/// Files of two folders compared byte by byte, in memory that does not grow with them.
enum FileComparison {
    /// The first of `names` whose content differs; the place is told in words for both folders in order.
    static func firstDifference(_ a: String, _ b: String, names: [String]) throws(CommandError) -> FileDifference? {
        for name in names {
            let pathA = FileTree.join(a, name), pathB = FileTree.join(b, name)
            let here = FileTree.kind(pathA) == .file, there = FileTree.kind(pathB) == .file
            guard here && there else {
                if !here && !there { continue }
                return FileDifference(file: name, place: here ? "there is a file, and none" : "there is none, and a file")
            }
            if let place = try place(pathA, pathB) { return FileDifference(file: name, place: place) }
        }
        return nil
    }

    /// Where two files first differ; nil when they are equal.
    private static func place(_ pathA: String, _ pathB: String) throws(CommandError) -> String? {
        let a = try ByteReader(pathA), b = try ByteReader(pathB)
        let isText = !pathA.hasSuffix(".npz")
        var offset: Int64 = 0
        var line = 1
        // The line so far, as far as both agree.
        var common: [UInt8] = []
        while true {
            let x = try a.next(), y = try b.next()
            if x == y {
                guard let byte = x else { return nil }
                offset += 1
                guard isText else { continue }
                if byte == UInt8(ascii: "\n") {
                    line += 1
                    common.removeAll(keepingCapacity: true)
                } else if common.count < 4096 {
                    common.append(byte)
                }
                continue
            }
            guard isText else { return "byte \(offset): \(word(x)) and \(word(y))" }
            return "line \(line): \(try rest(common, x, a)) and \(try rest(common, y, b))"
        }
    }

    private static func word(_ byte: UInt8?) -> String {
        guard let byte else { return "the end of the file" }
        return "0x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }

    /// A line from its common start, the byte that differs and what follows it; long lines are shown
    /// around the difference.
    private static func rest(_ common: [UInt8], _ byte: UInt8?, _ reader: ByteReader) throws(CommandError) -> String {
        guard let byte else { return common.isEmpty ? "the end of the file" : quoted(common) + " and the end of the file" }
        var line = Array(common.suffix(60))
        var next: UInt8? = byte
        while let byte = next, byte != UInt8(ascii: "\n"), line.count < 120 {
            line.append(byte)
            next = try reader.next()
        }
        return quoted(line)
    }

    private static func quoted(_ bytes: [UInt8]) -> String {
        let text = String(decoding: bytes, as: UTF8.self)
        return "\"" + text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? "?" : String($0) }.joined() + "\""
    }
}
