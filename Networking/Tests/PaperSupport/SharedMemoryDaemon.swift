import Foundation
import HBTChannels

/// iceoryx's daemon for as long as the tests run.
public final class SharedMemoryDaemon: @unchecked Sendable {
    public static let shared = SharedMemoryDaemon()
    /// False when it is not installed, or this build has no iceoryx.
    public let runs: Bool
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
        guard (try? process.run()) != nil else {
            runs = false
            return
        }
        for _ in 0..<100 where !SharedMemory.daemonRuns { usleep(100_000) }
        runs = SharedMemory.daemonRuns
    }
}
