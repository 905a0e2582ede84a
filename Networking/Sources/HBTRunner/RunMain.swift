import ArgumentParser
import Foundation
import HBTCommands
import HBTEngine

/// The program `hbt-run`, for `hbt` itself and for packages with strategies of their own.
public enum RunMain {
    /// Set once, before anything runs.
    nonisolated(unsafe) static var strategies: [any Strategy.Type] = []

    /// Runs what the process's arguments say, and exits.
    public static func main(strategies: [any Strategy.Type] = []) async -> Never {
        Self.strategies = strategies
        // As the other verbs: help to standard output, a mistake as one line to standard error with status 2.
        do {
            let arguments = Array(CommandLine.arguments.dropFirst())
            var command = try RunCommand.parseAsRoot(arguments)
            if let run = command as? RunCommand { try await run.run() } else { try command.run() }
            exit(0)
        } catch let code as ExitCode {
            exit(code.rawValue)
        } catch {
            if RunCommand.exitCode(for: error) == .success {
                print(RunCommand.fullMessage(for: error))
                exit(0)
            }
            let isUsage = RunCommand.exitCode(for: error) == .validationFailure
            let text = isUsage ? "\(RunCommand.message(for: error)); see hbt run --help" : errorLine(error)
            FileHandle.standardError.write(Data("hbt: \(text)\n".utf8))
            exit(2)
        }
    }
}
