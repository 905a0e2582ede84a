import ArgumentParser
import Foundation

// A venue that goes away is no reason to die.
signal(SIGPIPE, SIG_IGN)

// As the other verbs: help to standard output, a mistake as one line to standard error with status 2.
do {
    var command = try CollectCommand.parseAsRoot()
    try command.run()
} catch let code as ExitCode {
    exit(code.rawValue)
} catch {
    if CollectCommand.exitCode(for: error) == .success {
        print(CollectCommand.fullMessage(for: error))
        exit(0)
    }
    FileHandle.standardError.write(Data("hbt: \(CollectCommand.message(for: error)); see hbt collect --help\n".utf8))
    exit(2)
}
