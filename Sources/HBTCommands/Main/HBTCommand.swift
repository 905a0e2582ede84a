import ArgumentParser

/// `hbt`: the verbs.
struct HBTCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hbt",
        abstract: "A deterministic backtester for high-frequency strategies.",
        discussion: """
            Results go to standard output, progress and messages to standard error.
            Exit status: 0 done; 1 a check found a difference; 2 bad input or settings; 130 interrupted.

            Example:  hbt backtest strategies/obi-market-making.toml
            """,
        version: "hbt \(HBTVersion.text)",
        subcommands: [
            BacktestVerb.self, SweepVerb.self, VerifyVerb.self, DiffVerb.self, ReplayVerb.self, ReconcileVerb.self, CalibrateVerb.self, InspectStateVerb.self,
            ConvertVerb.self, InspectVerb.self, ValidateVerb.self, SnapshotVerb.self, FactorsVerb.self, GenerateVerb.self,
            ConformanceVerb.self, NewVerb.self, RunVerb.self, ExchangeVerb.self, CollectVerb.self,
        ]
    )
}
