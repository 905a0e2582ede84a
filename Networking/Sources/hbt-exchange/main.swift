import ArgumentParser
import Foundation
import HBTExchangeServer

// A client that goes away is no reason to die.
signal(SIGPIPE, SIG_IGN)

// As the other verbs: help to standard output, a mistake as one line to standard error with status 2.
do {
    var command = try ExchangeCommand.parseAsRoot()
    try command.run()
} catch {
    if ExchangeCommand.exitCode(for: error) == .success {
        print(ExchangeCommand.fullMessage(for: error))
        exit(0)
    }
    FileHandle.standardError.write(Data("hbt: \(ExchangeCommand.message(for: error)); see hbt exchange --help\n".utf8))
    exit(2)
}
