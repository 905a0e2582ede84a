import Foundation
import HBTChannels
import PaperSupport
import Testing

private let isJoined: Bool = {
    guard SharedMemoryDaemon.shared.runs else { return false }
    // The daemon answers before it lets processes in.
    for _ in 0..<100 {
        if (try? SharedMemory.join("hbt-tests-\(ProcessInfo.processInfo.processIdentifier)")) != nil { return true }
        usleep(100_000)
    }
    return false
}()

@Suite(.serialized) struct SharedMemoryTests {
    @Test func namesThatWouldEndTheProcessAreRefused() {
        for name in ["", "a/b", "two words", String(repeating: "x", count: 65)] {
            #expect(throws: ChannelError.self) { _ = try SharedPublisher(channel: name, topic: "a") }
            #expect(throws: ChannelError.self) { _ = try SharedSubscriber(channel: "a", topic: name) }
        }
    }

    @Test(.enabled(if: isJoined)) func framesArriveInOrderAndWhole() throws {
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

    @Test(.enabled(if: isJoined)) func arrivalsWakeAListener() throws {
        let channel = "wake-\(ProcessInfo.processInfo.processIdentifier)"
        let subscriber = try SharedSubscriber(channel: channel, topic: "wake")
        let publisher = try SharedPublisher(channel: channel, topic: "wake")
        let came = DispatchSemaphore(value: 0)
        try subscriber.listen { came.signal() }
        for _ in 0..<100 where !publisher.hasSubscribers { usleep(20_000) }
        try [1, 2].withUnsafeBytes { try publisher.send($0) }
        #expect(came.wait(timeout: .now() + 5) == .success)
        #expect(subscriber.take { _ in })
    }

    @Test(.enabled(if: isJoined)) func aLateSubscriberGetsTheNewestAndASlowOneIsTold() throws {
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
