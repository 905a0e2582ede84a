import Foundation
import HBTChannels
import HBTTypes
import Testing

@Suite struct ZeroMQTests {
    @Test(.disabled(if: ZeroMQPublisher.isAvailable)) func withoutZeroMQTheErrorSaysHowToGetIt() {
        #expect(throws: ChannelError.self) { _ = try ZeroMQPublisher(endpoint: "tcp://127.0.0.1:0") }
    }

    @Test(.enabled(if: ZeroMQPublisher.isAvailable)) func otherMachinesAreServedOnlyOnRequest() throws {
        for endpoint in ["tcp://*:0", "tcp://0.0.0.0:0", "nonsense"] {
            #expect(throws: ChannelError.self) { _ = try ZeroMQPublisher(endpoint: endpoint) }
        }
        #expect(throws: ChannelError.self) { _ = try ZeroMQPublisher(endpoint: "nonsense", isPublic: true) }
        #expect(try ZeroMQPublisher(endpoint: "tcp://127.0.0.1:0").endpoint.hasPrefix("tcp://127.0.0.1:"))
    }

    @Test(.enabled(if: ZeroMQPublisher.isAvailable)) func aPythonSubscriberReadsRowsAndFactors() throws {
        guard let python = Self.python else {
            print("the published feed is not read by Python: HBT_TEST_PYTHON names none with zmq and numpy")
            return
        }
        let publisher = try ZeroMQPublisher(endpoint: "tcp://127.0.0.1:0")
        var feed = FeedPublisher(publisher, run: "r", symbols: ["BTCUSDT"], factors: ["obi", "alpha"])
        let reader = Process()
        reader.executableURL = URL(fileURLWithPath: python)
        reader.arguments = ["-c", Self.script, publisher.endpoint]
        let out = Pipe()
        reader.standardOutput = out
        try reader.run()
        defer { reader.terminate() }
        let row = MarketEvent(ev: EventFlags.local | UInt64(EventKind.depth), exchangeNs: 5, localNs: 7, price: 100.5, quantity: 2)
        // Subscriptions take a moment; the reader stops by itself once it has seen all three topics.
        for i in 0..<500 where reader.isRunning {
            try withUnsafePointer(to: row) { try feed.rows(UnsafeBufferPointer(start: $0, count: 1), asset: 0, localNs: 7) }
            try [0.25, -1.5].withUnsafeBufferPointer { try feed.factors($0, localNs: Int64(i) * 1_000_000_000) }
            try feed.account(StateValues(), mid: 100, equity: 3, asset: 0, localNs: 9)
            usleep(20_000)
        }
        reader.waitUntilExit()
        let text = String(decoding: out.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        #expect(text == "account 3.0 100.0\nfactors 0.25 -1.5\nnames obi,alpha\nrows 5 7 100.5 2.0\n")
    }

    private static let python: String? = {
        guard let path = ProcessInfo.processInfo.environment["HBT_TEST_PYTHON"] else { return nil }
        let check = Process()
        check.executableURL = URL(fileURLWithPath: path)
        check.arguments = ["-c", "import zmq, numpy"]
        check.standardError = FileHandle.nullDevice
        guard (try? check.run()) != nil else { return nil }
        check.waitUntilExit()
        return check.terminationStatus == 0 ? path : nil
    }()

    private static let script = """
        import sys, zmq, numpy
        socket = zmq.Context().socket(zmq.SUB)
        socket.connect(sys.argv[1])
        for topic in (b"rows/BTCUSDT", b"factors/r", b"names/r", b"account/"):
            socket.subscribe(topic)
        socket.setsockopt(zmq.RCVTIMEO, 8000)
        event = numpy.dtype([("ev", "u8"), ("exch_ts", "i8"), ("local_ts", "i8"), ("px", "f8"), ("qty", "f8"),
            ("order_id", "u8"), ("ival", "i8"), ("fval", "f8")])
        seen = {}
        while len(seen) < 4:
            topic, head, body = socket.recv_multipart()
            kind = topic.decode().split("/")[0]
            number, local_ns = numpy.frombuffer(head, "<i8")
            if kind == "rows":
                row = numpy.frombuffer(body, event)[0]
                seen[kind] = f"{row['exch_ts']} {row['local_ts']} {row['px']} {row['qty']}"
            elif kind == "factors":
                seen[kind] = " ".join(str(x) for x in numpy.frombuffer(body, "<f8"))
            elif kind == "account":
                seen[kind] = " ".join(str(x) for x in numpy.frombuffer(body, "<f8")[3:])
            else:
                seen[kind] = body.decode().replace("\\n", ",")
        for kind in sorted(seen):
            print(kind, seen[kind])
        """
}
