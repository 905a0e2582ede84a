import Foundation
import HBTMarketData

/// Digests of the input files, taken on a thread of their own while the run goes on.
final class InputDigests: @unchecked Sendable {
    private let condition = NSCondition()
    private var digests: [FileDigest] = []
    private var failure: CommandError?
    private var isCancelled = false
    private var isDone = false

    /// - Parameter cache: where digests of unchanged files are looked up; nil reads every file.
    init(_ paths: [String], cache: TapeCache?) {
        let known = cache.map { KnownDigests(cache: $0) }
        let thread = Thread { [self] in
            var found: [FileDigest] = []
            var failed: CommandError?
            do throws(CommandError) {
                for path in paths {
                    if let known {
                        found.append(try known.of(path, isCancelled: { cancelled }))
                    } else {
                        found.append(try FileDigest.of(path, isCancelled: { cancelled }))
                    }
                }
            } catch {
                failed = error
            }
            condition.lock()
            digests = found
            failure = failed
            isDone = true
            condition.broadcast()
            condition.unlock()
        }
        thread.name = "hbt-digests"
        thread.start()
    }

    private var cancelled: Bool {
        condition.lock()
        defer { condition.unlock() }
        return isCancelled
    }

    /// Nobody will ask any more.
    func cancel() {
        condition.lock()
        isCancelled = true
        condition.unlock()
    }

    /// In the order of the paths.
    func wait() throws(CommandError) -> [FileDigest] {
        condition.lock()
        defer { condition.unlock() }
        while !isDone { condition.wait() }
        if let failure { throw failure }
        return digests
    }
}
