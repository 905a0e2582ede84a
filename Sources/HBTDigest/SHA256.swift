import CSHA256
import Foundation

/// SHA-256 in pieces (FIPS 180-4): names data files by what is in them, and signs requests (`HMACSHA256`).
public struct SHA256 {
    public init() {}

    private var state: [UInt32] = [
        0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
    ]
    private var tail: [UInt8] = []
    private var length: UInt64 = 0

    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
        length &+= UInt64(bytes.count)
        var rest = bytes[...]
        if !tail.isEmpty {
            let taken = min(64 - tail.count, rest.count)
            tail.append(contentsOf: rest.prefix(taken))
            rest = rest.dropFirst(taken)
            guard tail.count == 64 else { return }
            let block = tail
            block.withUnsafeBytes { compress($0, blocks: 1) }
            tail.removeAll(keepingCapacity: true)
        }
        let blocks = rest.count / 64
        compress(UnsafeRawBufferPointer(rebasing: rest), blocks: blocks)
        tail.append(contentsOf: rest.dropFirst(blocks * 64))
    }

    /// 64 lower-case hexadecimal digits; the value must not be used afterwards.
    public mutating func finishHex() -> String { Hex.text(finish()) }

    /// The 32 bytes; the value must not be used afterwards.
    public mutating func finish() -> [UInt8] {
        let bits = length &* 8
        var padding = [UInt8](repeating: 0, count: (tail.count < 56 ? 56 : 120) - tail.count)
        padding[0] = 0x80
        for shift in stride(from: 56, through: 0, by: -8) { padding.append(UInt8(truncatingIfNeeded: bits >> UInt64(shift))) }
        padding.withUnsafeBytes { update($0) }
        return state.flatMap { word in [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: word >> UInt32($0)) } }
    }

    /// False leaves the processor's own instructions aside; tests compare both ways.
    public var usesProcessor = csha256_is_supported() == 1

    private mutating func compress(_ bytes: UnsafeRawBufferPointer, blocks: Int) {
        guard blocks > 0 else { return }
        if usesProcessor {
            csha256_compress(&state, bytes.baseAddress, blocks)
            return
        }
        let k = UnsafeBufferPointer(start: csha256_round_constants(), count: 64)
        withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 64) { w in
            state.withUnsafeMutableBufferPointer { h in
                for block in 0..<blocks { Self.round(bytes, at: block * 64, k, w, h) }
            }
        }
    }

    private static func round(
        _ bytes: UnsafeRawBufferPointer, at start: Int, _ k: UnsafeBufferPointer<UInt32>,
        _ w: UnsafeMutableBufferPointer<UInt32>, _ h: UnsafeMutableBufferPointer<UInt32>
    ) {
        func turned(_ x: UInt32, _ n: UInt32) -> UInt32 { (x >> n) | (x << (32 &- n)) }
        for i in 0..<16 { w[i] = UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: start &+ i &* 4, as: UInt32.self)) }
        for i in 16..<64 {
            let a = w[i &- 15], b = w[i &- 2]
            let s0 = turned(a, 7) ^ turned(a, 18) ^ (a >> 3)
            let s1 = turned(b, 17) ^ turned(b, 19) ^ (b >> 10)
            w[i] = w[i &- 16] &+ s0 &+ w[i &- 7] &+ s1
        }
        var (a, b, c, d, e, f, g, i) = (h[0], h[1], h[2], h[3], h[4], h[5], h[6], h[7])
        for j in 0..<64 {
            let s1 = turned(e, 6) ^ turned(e, 11) ^ turned(e, 25)
            let t1 = i &+ s1 &+ ((e & f) ^ (~e & g)) &+ k[j] &+ w[j]
            let s0 = turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)
            let t2 = s0 &+ ((a & b) ^ (a & c) ^ (b & c))
            (i, g, f, e, d, c, b, a) = (g, f, e, d &+ t1, c, b, a, t1 &+ t2)
        }
        h[0] &+= a
        h[1] &+= b
        h[2] &+= c
        h[3] &+= d
        h[4] &+= e
        h[5] &+= f
        h[6] &+= g
        h[7] &+= i
    }

    public static func hex(_ bytes: UnsafeRawBufferPointer) -> String {
        var hash = SHA256()
        hash.update(bytes)
        return hash.finishHex()
    }

    /// Digest of a file, read in pieces; nil when it cannot be read.
    public static func hex(file path: String) -> String? {
        guard let handle = FileHandle(forReadingAtPath: path) else { return nil }
        defer { try? handle.close() }
        var hash = SHA256()
        do {
            while let piece = try handle.read(upToCount: 1 << 20), !piece.isEmpty {
                piece.withUnsafeBytes { hash.update($0) }
            }
        } catch {
            return nil
        }
        return hash.finishHex()
    }
}
