import CIceoryx

/// The other end of a `SharedPublisher`.
public final class SharedSubscriber {
    private let handle: OpaquePointer
    private var wake: Wake?

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

    /// Calls `wake` from another thread whenever frames have come; once at most.
    public func listen(_ wake: @escaping @Sendable () -> Void) throws(ChannelError) {
        let box = Wake(wake)
        let context = Unmanaged.passUnretained(box).toOpaque()
        guard self.wake == nil, hbt_iox_listen(handle, { if let it = $0 { Unmanaged<Wake>.fromOpaque(it).takeUnretainedValue().call() } }, context) == 1 else {
            throw ChannelError("the arrival of frames cannot be listened for")
        }
        self.wake = box
    }

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

/// What a listener's thread calls; lives as long as the subscriber.
private final class Wake: Sendable {
    let call: @Sendable () -> Void
    init(_ call: @escaping @Sendable () -> Void) { self.call = call }
}
