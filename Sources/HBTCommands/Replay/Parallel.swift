import Dispatch
import Foundation

/// Independent pieces of work on all cores.
enum Parallel {
    /// The answers in order of index, whatever the number of threads; of several failures the one of the
    /// lowest index is thrown, after all work has ended.
    static func map<Value>(_ count: Int, _ work: @Sendable (Int) throws -> Value) throws -> [Value] {
        guard count > 1 else { return try (0..<count).map { try work($0) } }
        let answers = Answers<Value>(count)
        DispatchQueue.concurrentPerform(iterations: count) { index in answers.set(index, Result { try work(index) }) }
        return try answers.all()
    }

    /// Unchecked because a value is handed over from the thread that made it, which forgets it.
    private final class Answers<Value>: @unchecked Sendable {
        private let lock = NSLock()
        private var results: [Result<Value, any Error>?]
        init(_ count: Int) { results = Array(repeating: nil, count: count) }
        func set(_ index: Int, _ result: Result<Value, any Error>) { lock.withLock { results[index] = result } }
        func all() throws -> [Value] { try lock.withLock { try results.compactMap { try $0?.get() } } }
    }
}
