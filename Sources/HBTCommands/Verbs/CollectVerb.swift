import ArgumentParser

struct CollectVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "collect",
        abstract: "Record raw market feeds of Binance in HftBacktest's collector format.",
        discussion: """
            A program of its own, hbt-collect, built by make collect; all arguments go to it.

            Example:  hbt collect binance-futures BTCUSDT ETHUSDT --out recordings
            """
    )

    @Argument(parsing: .captureForPassthrough, help: "See hbt collect --help.")
    var arguments: [String] = []

    func run() throws {
        try Subprogram(verb: "collect").start(arguments, executable: Subprogram.ownExecutable)
    }
}
