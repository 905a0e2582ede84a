/// Keyed hash with SHA-256 (RFC 2104): what the venue calls a signature.
public enum HMACSHA256 {
    public static func authenticate(_ message: some Collection<UInt8>, key: some Collection<UInt8>) -> [UInt8] {
        var block = Array(key)
        if block.count > 64 {
            var hash = SHA256()
            block.withUnsafeBytes { hash.update($0) }
            block = hash.finish()
        }
        block += [UInt8](repeating: 0, count: 64 - block.count)
        return digest(block.map { $0 ^ 0x5C }, digest(block.map { $0 ^ 0x36 }, Array(message)))
    }

    public static func hex(_ message: String, key: String) -> String {
        Hex.text(authenticate(Array(message.utf8), key: Array(key.utf8)))
    }

    private static func digest(_ first: [UInt8], _ second: [UInt8]) -> [UInt8] {
        var hash = SHA256()
        first.withUnsafeBytes { hash.update($0) }
        second.withUnsafeBytes { hash.update($0) }
        return hash.finish()
    }
}
