/// Where a run begins.
enum RunStart {
    case beginning
    /// At a snapshot, with the journal in `folder`; `changes` are the `--set` texts that make it a fork.
    case snapshot(RunSnapshot, folder: String, changes: [String])
    /// As a fork did, from the settings it comes from: how `hbt verify` repeats one.
    case again(Manifest.Fork)
}
