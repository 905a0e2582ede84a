import CZeroMQ

/// Publishes messages over ZeroMQ, for other machines and languages.
///
/// A message has three parts: its topic (text, by which subscribers choose), 16 bytes with its number and the local
/// time in nanoseconds (two little-endian 64-bit integers), and its body. Numbers count by one from 0 over all
/// topics that this publisher has tried to send, so that a subscriber to everything sees what it has missed. A full
/// queue never stops the run: the message is dropped for all subscribers, and counted.
///
/// Not to be used from two threads at once.
public final class ZeroMQPublisher {
    private let handle: OpaquePointer
    /// As it is in force: a port of 0 has become a real one.
    public let endpoint: String
    public private(set) var sent: Int64 = 0
    public private(set) var dropped: Int64 = 0

    /// False when this program was built without ZeroMQ.
    public static var isAvailable: Bool { hbt_zmq_available() == 1 }

    /// - Parameters:
    ///   - endpoint: `tcp://127.0.0.1:5556` or `ipc:///path`.
    ///   - isPublic: must be true for an endpoint that other machines reach.
    ///   - queue: messages that a slow subscriber may be behind.
    public init(endpoint: String, isPublic: Bool = false, queue: Int = 100_000) throws(ChannelError) {
        guard Self.isAvailable else {
            throw ChannelError("publishing needs ZeroMQ, and this program was built without it; build it with the package trait ZeroMQ")
        }
        guard isPublic || Self.isLocal(endpoint) else {
            throw ChannelError("\(endpoint) can be reached by other machines, and what is published is not encrypted; say so with --publish-openly")
        }
        var why = [CChar](repeating: 0, count: 256)
        guard let handle = hbt_zmq_open(endpoint, Int32(clamping: queue), &why, why.count) else {
            throw ChannelError("\(endpoint): cannot be published on: \(Self.text(why))")
        }
        self.handle = handle
        var real = [CChar](repeating: 0, count: 512)
        self.endpoint = hbt_zmq_endpoint(handle, &real, real.count) == 0 ? Self.text(real) : endpoint
    }

    deinit { hbt_zmq_close(handle, 500) }

    /// - Throws: when ZeroMQ fails otherwise than by a full queue.
    public func publish(topic: String, localNs: Int64, body: UnsafeRawBufferPointer) throws(ChannelError) {
        var head = (UInt64(bitPattern: sent &+ dropped).littleEndian, localNs.littleEndian)
        var topic = topic
        let failure: String? = withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { why in
            let status = topic.withUTF8 { topic in
                withUnsafeBytes(of: &head) { head in
                    hbt_zmq_send(
                        handle, topic.baseAddress, topic.count, head.baseAddress, head.count, body.baseAddress, body.count, why.baseAddress, why.count)
                }
            }
            switch status {
            case 0: sent += 1
            case 1: dropped += 1
            default: return Self.text(Array(why))
            }
            return nil
        }
        if let failure { throw ChannelError("\(endpoint): a message could not be published: \(failure)") }
    }

    private static func isLocal(_ endpoint: String) -> Bool {
        ["ipc://", "inproc://", "tcp://127.", "tcp://localhost:", "tcp://[::1]:"].contains { endpoint.hasPrefix($0) }
    }

    private static func text(_ bytes: [CChar]) -> String {
        String(decoding: bytes.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
