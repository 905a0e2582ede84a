import CIceoryx

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// One direction of a channel: frames in order, to any number of subscribers.
public final class SharedPublisher {
    private let handle: OpaquePointer
    private let name: String

    /// - Parameters:
    ///   - keeps: newest frames that a subscriber who comes later still gets, up to 16.
    ///   - waits: a subscriber's full queue stops the publisher; otherwise it loses the oldest and is told.
    public init(channel: String, topic: String, keeps: Int = 0, waits: Bool = false) throws(ChannelError) {
        try SharedMemory.check(channel)
        try SharedMemory.check(topic)
        name = "\(channel)/\(topic)"
        guard let handle = hbt_iox_publisher_open("hbt", channel, topic, UInt64(clamping: min(keeps, 16)), waits ? 1 : 0) else {
            throw ChannelError("\(name): the channel cannot be opened")
        }
        self.handle = handle
    }

    deinit { hbt_iox_publisher_close(handle) }

    public var hasSubscribers: Bool { hbt_iox_has_subscribers(handle) == 1 }

    /// A frame of up to 4 MB; its length goes before it.
    public func send(_ frame: UnsafeRawBufferPointer) throws(ChannelError) {
        guard let size = UInt32(exactly: frame.count + 8), let room = hbt_iox_loan(handle, size) else {
            throw ChannelError(
                "\(name): no room in shared memory for a frame of \(frame.count) bytes; slow subscribers hold it, or the daemon's pools are too small")
        }
        room.storeBytes(of: UInt64(frame.count), as: UInt64.self)
        if let start = frame.baseAddress { memcpy(room + 8, start, frame.count) }
        hbt_iox_publish(handle, room)
    }
}
