import ArgumentParser

struct ExchangeVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "exchange",
        abstract: "Run the paper exchange: Binance's protocols on this machine, over recorded or synthetic markets.",
        discussion: """
            A program of its own, hbt-exchange, built by make exchange; all arguments go to it.

            Example:  hbt exchange --port 8080 --book usdm:BTCUSDT=btcusdt.npz --account KEY:SECRET --funds USDT=10000
            """
    )

    @Argument(parsing: .captureForPassthrough, help: "See hbt exchange --help.")
    var arguments: [String] = []

    func run() throws {
        try Subprogram(verb: "exchange").start(arguments, executable: Subprogram.ownExecutable)
    }
}
