import ArgumentParser

struct NewVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new",
        abstract: "Start a package for a strategy of your own.",
        discussion: """
            Makes a folder with a Swift package: a commented strategy, its settings, two minutes of synthetic \
            data, and an executable that has every verb of hbt.

            Example:  hbt new my-strategy && cd my-strategy && swift run -c release my-strategy backtest my-strategy.toml

            Exit status: 0 done; 2 the folder exists or cannot be made.
            """
    )

    @Argument(help: "The name of the package, such as my-strategy.")
    var name: String
    @Option(help: ArgumentHelp("Where hbt comes from: a folder or a Git address; default: the checkout of this program.", valueName: "place"))
    var hbt: String?

    func run() throws {
        let session = Session.current
        let name = try PackageName(name)
        let origin = try PackageOrigin.find(hbt)
        try TemplatePackage(name: name, origin: origin).write(session)
        session.console.out("""
            \(name.package)/ is ready:

              cd \(name.package)
              swift run -c release \(name.package) backtest \(name.package).toml
            """)
    }
}
