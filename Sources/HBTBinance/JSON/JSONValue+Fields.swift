/// Members that a message must have, with an error that names the one that is wrong.
extension JSONValue {
    func field(_ name: String) throws(WireFault) -> JSONValue {
        guard let value = self[name] else { throw WireFault("the field \(name) is missing") }
        return value
    }

    public func text(_ name: String) throws(WireFault) -> String {
        guard let text = try field(name).text else { throw Self.wrong(name) }
        return text
    }

    public func integer(_ name: String) throws(WireFault) -> Int64 {
        guard let value = try field(name).integer else { throw Self.wrong(name) }
        return value
    }

    public func decimal(_ name: String) throws(WireFault) -> WireDecimal {
        guard let value = try field(name).decimal else { throw Self.wrong(name) }
        return value
    }

    public func flag(_ name: String) throws(WireFault) -> Bool {
        guard let value = try field(name).flag else { throw Self.wrong(name) }
        return value
    }

    public func array(_ name: String) throws(WireFault) -> [JSONValue] {
        guard let value = try field(name).elements else { throw Self.wrong(name) }
        return value
    }

    /// A member that may be absent or null, but not of another kind.
    func optionalText(_ name: String) throws(WireFault) -> String? {
        guard let value = self[name], value != .null else { return nil }
        guard let text = value.text else { throw Self.wrong(name) }
        return text
    }

    func optionalInteger(_ name: String) throws(WireFault) -> Int64? {
        guard let value = self[name], value != .null else { return nil }
        guard let integer = value.integer else { throw Self.wrong(name) }
        return integer
    }

    func optionalDecimal(_ name: String) throws(WireFault) -> WireDecimal? {
        guard let value = self[name], value != .null else { return nil }
        guard let decimal = value.decimal else { throw Self.wrong(name) }
        return decimal
    }

    func optionalFlag(_ name: String) throws(WireFault) -> Bool? {
        guard let value = self[name], value != .null else { return nil }
        guard let flag = value.flag else { throw Self.wrong(name) }
        return flag
    }

    static func wrong(_ name: String) -> WireFault { WireFault("the field \(name) has a value of the wrong kind") }
}
