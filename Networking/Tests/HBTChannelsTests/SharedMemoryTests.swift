import Foundation
import HBTChannels
import Testing

/// The daemon of these tests; nil when it is not installed, or this build has no iceoryx.
private final class Daemon: @unchecked Sendable {
    static let shared = Daemon()
    let runs: Bool
    private let process = Process()
    /// The daemon ends with it, so also when the tests are killed; by force, as it inherits blocked signals.
    private let lifeline = Pipe()

    private init() {
        guard SharedMemory.isAvailable, FileManager.default.isExecutableFile(atPath: "/usr/bin/iox-roudi") else {
            print("shared memory is not tested: build with the trait Iceoryx, and install iceoryx")
            runs = false
            return
        }
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", "/usr/bin/iox-roudi & daemon=$!; cat > /dev/null; kill -9 $daemon"]
        process.standardInput = lifeline
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        // Another test run's daemon serves as well.
        guard (try? process.run()) != nil else {
            runs = false
            return
        }
        var joined = false
        for _ in 0..<100 where !joined {
            usleep(100_000)
            joined = (try? SharedMemory.join("hbt-tests-\(ProcessInfo.processInfo.processIdentifier)")) != nil
        }
        runs = joined
    }
}

@Suite(.serialized) struct SharedMemoryTests {
    @Test func namesThatWouldEndTheProcessAreRefused() {
        for name in ["", "a/b", "two words", String(repeating: "x", count: 65)] {
            #expect(throws: ChannelError.self) { _ = try SharedPublisher(channel: name, topic: "a") }
            #expect(throws: ChannelError.self) { _ = try SharedSubscriber(channel: "a", topic: name) }
        }
    }

    @Test(.enabled(if: Daemon.shared.runs)) func framesArriveInOrderAndWhole() throws {
        let channel = "test-\(ProcessInfo.processInfo.processIdentifier)"
        let subscriber = try SharedSubscriber(channel: channel, topic: "order")
        let publisher = try SharedPublisher(channel: channel, topic: "order")
        for _ in 0..<100 where !(subscriber.isConnected && publisher.hasSubscribers) { usleep(20_000) }
        #expect(subscriber.isConnected && publisher.hasSubscribers)
        for round in 0..<200 {
            let frames = (0..<20).map { i in [UInt8](repeating: UInt8(truncatingIfNeeded: round + i), count: (round * 131 + i * 7) % 5_000) }
            for frame in frames { try frame.withUnsafeBytes { try publisher.send($0) } }
            var got: [[UInt8]] = []
            while subscriber.take({ got.append(Array($0)) }) {}
            #expect(got == frames)
        }
        #expect(!subscriber.hasLost)
    }

    @Test(.enabled(if: Daemon.shared.runs)) func aLateSubscriberGetsTheNewestAndASlowOneIsTold() throws {
        let channel = "late-\(ProcessInfo.processInfo.processIdentifier)"
        let publisher = try SharedPublisher(channel: channel, topic: "late", keeps: 4)
        for i in 0..<10 { try [UInt8(i)].withUnsafeBytes { try publisher.send($0) } }
        let subscriber = try SharedSubscriber(channel: channel, topic: "late", queue: 8, history: 4)
        var got: [UInt8] = []
        for _ in 0..<100 where got.count < 4 {
            usleep(20_000)
            while subscriber.take({ got.append($0[0]) }) {}
        }
        #expect(got == [6, 7, 8, 9])
        for i in 0..<50 { try [UInt8(i)].withUnsafeBytes { try publisher.send($0) } }
        #expect(subscriber.hasLost)
        got = []
        while subscriber.take({ got.append($0[0]) }) {}
        #expect(got == Array(42..<50))
    }
}
