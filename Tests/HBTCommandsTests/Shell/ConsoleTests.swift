import Testing

@testable import HBTCommands

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

@Suite struct ConsoleTests {
    private func version(failing code: Int32) -> (status: Int32, error: String) {
        nonisolated(unsafe) var said = ""
        let console = Console { descriptor, text in
            if descriptor == 2 { said += text }
            errno = code
            return descriptor == 2
        }
        let status = HBTMain.run(["conformance", "--help"], session: Session(console: console))
        return (status, said)
    }

    @Test func aFullDiskUnderStandardOutputIsAnError() {
        let call = version(failing: ENOSPC)
        #expect(call.status == 2)
        #expect(call.error.hasPrefix("hbt: standard output: cannot be written: "))
        #expect(call.error.hasSuffix("free some space, or write to another place\n"))
    }

    @Test func aReaderThatWentAwayIsNone() {
        let call = version(failing: EPIPE)
        #expect(call.status == 0)
        #expect(call.error.isEmpty)
    }
}
