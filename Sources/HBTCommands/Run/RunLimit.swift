/// Where a run ends before its data does.
struct RunLimit: Equatable {
    /// Stops before the first step after this time.
    var untilNs: Int64?
    /// Steps after which Ctrl-C ended the run that is repeated here.
    var interruptedAfterSteps: Int64?
}

extension RunLimit {
    /// What `--until` says; no limit without it.
    init(until text: String?) throws(CommandError) {
        self.init()
        if let text { untilNs = try TimeText.ns(text, option: "--until") }
    }
}
