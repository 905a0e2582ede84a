/// A value together with where it stands in its file, for messages.
///
/// Every accessor throws a one-line fault that names the path, so that a malformed vector is
/// reported, never trapped on.
struct VectorPlace {
    let value: VectorValue
    let path: String

    init(_ value: VectorValue, path: String = "") {
        self.value = value
        self.path = path
    }

    func fault(_ what: String) -> VectorFault { VectorFault("\(path.isEmpty ? "the vector" : path) \(what)") }

    /// The member, or nil when it is absent or null.
    func optional(_ key: String) -> VectorPlace? {
        guard let member = value[key], !member.isNull else { return nil }
        return VectorPlace(member, path: path.isEmpty ? key : "\(path).\(key)")
    }

    func member(_ key: String) throws(VectorFault) -> VectorPlace {
        guard let found = optional(key) else { throw fault("has no \(key)") }
        return found
    }

    func list() throws(VectorFault) -> [VectorPlace] {
        guard case .array(let values) = value else { throw fault("is \(value.text), not a list") }
        return values.enumerated().map { VectorPlace($1, path: "\(path)[\($0)]") }
    }

    func list(_ key: String) throws(VectorFault) -> [VectorPlace] { try member(key).list() }

    func string() throws(VectorFault) -> String {
        guard case .string(let text) = value else { throw fault("is \(value.text), not a string") }
        return text
    }

    func double() throws(VectorFault) -> Double {
        guard let number = value.asDouble else { throw fault("is \(value.text), not a number") }
        return number
    }

    func int64() throws(VectorFault) -> Int64 {
        guard let number = value.asInt64 else { throw fault("is \(value.text), not a 64-bit integer") }
        return number
    }

    func uint64() throws(VectorFault) -> UInt64 {
        guard let number = value.asUInt64 else { throw fault("is \(value.text), not an unsigned 64-bit integer") }
        return number
    }

    func bool() throws(VectorFault) -> Bool {
        guard case .bool(let flag) = value else { throw fault("is \(value.text), not true or false") }
        return flag
    }

    func string(_ key: String) throws(VectorFault) -> String { try member(key).string() }
    func double(_ key: String) throws(VectorFault) -> Double { try member(key).double() }
    func int64(_ key: String) throws(VectorFault) -> Int64 { try member(key).int64() }
    func uint64(_ key: String) throws(VectorFault) -> UInt64 { try member(key).uint64() }
    func bool(_ key: String) throws(VectorFault) -> Bool { try member(key).bool() }
}
