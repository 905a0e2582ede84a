import ArgumentParser

/// What the verbs that look data over can be told about it.
struct FeedCheckOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Grid on which prices are compared, quote currency; default 1e-8.", valueName: "price"))
    var tickSize: Double?
    @Option(help: ArgumentHelp("An event file with the book at the start.", valueName: "file"))
    var initialSnapshot: String?
}
