/// The names that a new strategy package goes by, from the one its user gave.
struct PackageName: Equatable {
    /// `my-strategy`: folder, package, executable.
    let package: String
    /// `MyStrategy`: the Swift type.
    let typeName: String
    /// `my_strategy`: `type` in settings files.
    let settingsName: String

    init(_ text: String) throws(CommandError) {
        let words = text.split(omittingEmptySubsequences: false) { $0 == "-" || $0 == "_" }
        let isPlain = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
            default: byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
            }
        }
        guard isPlain, text.first?.isLetter == true, !words.contains(where: \.isEmpty), text.utf8.count <= 60 else {
            throw CommandError("\(text): not a package name; write letters, digits and single hyphens, a letter first, such as my-strategy")
        }
        package = text
        let joined = words.map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
        // Distinct from the module, from the protocol, and from the engine's own words.
        typeName = joined.hasSuffix("Strategy") && joined != "Strategy" && joined != text ? joined : joined + "Strategy"
        settingsName = words.map { $0.lowercased() }.joined(separator: "_")
        guard !["hbt", "main"].contains(text.lowercased()) else { throw CommandError("\(text): this name is taken; choose another") }
    }
}
