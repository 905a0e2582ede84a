import Foundation

/// A line on the terminal for work whose end nobody can foretell: `reading x.gz  12 s`.
final class Activity: @unchecked Sendable {
    private let condition = NSCondition()
    private var isOver = false
    private var isShown = false
    private let console: Console

    init(_ console: Console, quiet: Bool, _ what: String) {
        self.console = console
        guard console.isWatched, !quiet else { return }
        let started = ContinuousClock.now
        let thread = Thread { [self] in
            condition.lock()
            defer { condition.unlock() }
            while !isOver {
                _ = condition.wait(until: Date(timeIntervalSinceNow: 0.5))
                let seconds = Int(started.duration(to: .now).asSeconds)
                if !isOver, seconds >= 2 {
                    isShown = true
                    console.redraw("\(what)  \(seconds) s")
                }
            }
        }
        thread.start()
    }

    func end() {
        condition.lock()
        defer { condition.unlock() }
        isOver = true
        if isShown { console.redraw("") }
        isShown = false
        condition.broadcast()
    }
}
