import Foundation

@testable import HBTCommands

/// The other verbs, in this process.
enum Verbs {
    static func run(_ arguments: [String]) -> (status: Int32, out: String, error: String) {
        let texts = Texts()
        let session = HBTCommands.Session(strategies: StrategyRegistry([], builtIn: HBTMain.builtIn), console: Console {
            texts.add($1, to: $0)
            return true
        })
        let status = HBTMain.run(arguments, session: session)
        return (status, texts.text(1), texts.text(2))
    }

    private final class Texts: @unchecked Sendable {
        private let lock = NSLock()
        private var texts = ["", "", ""]
        func add(_ text: String, to descriptor: Int32) { lock.withLock { texts[Int(descriptor)] += text } }
        func text(_ descriptor: Int) -> String { lock.withLock { texts[descriptor] } }
    }
}
