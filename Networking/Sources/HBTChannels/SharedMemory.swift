import CIceoryx

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// iceoryx on this machine: frames go from process to process through shared memory, uncopied.
public enum SharedMemory {
    /// False when this program was built without iceoryx.
    public static var isAvailable: Bool { hbt_iox_available() == 1 }

    /// Joins the daemon; call once a process, before any publisher or subscriber.
    ///
    /// - Parameter name: of this process, unlike that of any other.
    public static func join(_ name: String) throws(ChannelError) {
        guard isAvailable else {
            throw ChannelError("shared memory needs iceoryx, and this program was built without it; build it with the package trait Iceoryx")
        }
        // iceoryx would wait for the daemon and then end the process.
        guard hbt_iox_daemon_runs() == 1 else { throw ChannelError("iceoryx's daemon does not run on this machine; start iox-roudi") }
        try check(name)
        hbt_iox_join(name)
    }

    /// iceoryx ends the process over a name that is too long.
    static func check(_ name: String) throws(ChannelError) {
        let isPlain = name.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) || "-_.".utf8.contains($0) }
        guard isPlain, !name.isEmpty, name.utf8.count <= 64 else {
            throw ChannelError("\"\(name)\" is no name for shared memory; use up to 64 letters, digits, and - _ .")
        }
    }
}

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

/// The other end.
public final class SharedSubscriber {
    private let handle: OpaquePointer

    /// - Parameters:
    ///   - queue: frames that may wait, up to 256.
    ///   - history: of those published before, how many are wanted, up to 16.
    public init(channel: String, topic: String, queue: Int = 256, history: Int = 0, waits: Bool = false) throws(ChannelError) {
        try SharedMemory.check(channel)
        try SharedMemory.check(topic)
        guard let handle = hbt_iox_subscriber_open(
            "hbt", channel, topic, UInt64(clamping: min(max(queue, 1), 256)), UInt64(clamping: min(history, 16)), waits ? 1 : 0)
        else { throw ChannelError("\(channel)/\(topic): the channel cannot be opened") }
        self.handle = handle
    }

    deinit { hbt_iox_subscriber_close(handle) }

    public var isConnected: Bool { hbt_iox_is_connected(handle) == 1 }

    /// True when frames were lost since the last call.
    public var hasLost: Bool { hbt_iox_has_lost(handle) == 1 }

    /// Gives the next frame to `body`, in place; false when there is none.
    public func take(_ body: (UnsafeRawBufferPointer) throws -> Void) rethrows -> Bool {
        guard let frame = hbt_iox_take(handle) else { return false }
        defer { hbt_iox_give_back(handle, frame) }
        try body(UnsafeRawBufferPointer(start: frame + 8, count: Int(frame.load(as: UInt64.self))))
        return true
    }
}
