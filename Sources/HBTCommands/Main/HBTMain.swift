import ArgumentParser
import HBTEngine
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The command line, for `hbt` itself and for packages with strategies of their own.
public enum HBTMain {
    /// Runs the verb that the process's arguments name, and exits.
    ///
    /// A package's whole `main.swift` is `HBTMain.main(strategies: [MyStrategy.self])`.
    ///
    /// - Parameter strategies: may be named in settings files, beside the built-in ones.
    public static func main(strategies: [any Strategy.Type] = []) -> Never {
        let session = Session(strategies: StrategyRegistry(strategies, builtIn: builtIn), cacheFolder: CacheFolder.standard)
        session.interrupt.watch()
        // A file larger than the process may write is an error like a full disk, not a death.
        signal(SIGXFSZ, SIG_IGN)
        exit(run(Array(CommandLine.arguments.dropFirst()), session: session))
    }

    static var builtIn: [any Strategy.Type] { BuiltInStrategies.all }

    /// One verb from arguments to exit status; never throws, never exits.
    static func run(_ arguments: [String], session: Session) -> Int32 {
        Session.$current.withValue(session) {
            if let name = session.strategies.twice {
                session.console.error("two strategies are registered as \"\(name)\"; give each a typeName of its own")
                return ExitStatus.badInput
            }
            do {
                let status = try finish(arguments, console: session.console)
                try session.console.checkOutput()
                return status
            } catch {
                session.console.error(ErrorLine.text(error))
                return ExitStatus.badInput
            }
        }
    }

    /// The status of a verb that came to its end; mistakes in the arguments are thrown as one line with where to look.
    private static func finish(_ arguments: [String], console: Console) throws -> Int32 {
        do {
            var command = try HBTCommand.parseAsRoot(arguments)
            try command.run()
            return ExitStatus.done
        } catch let exit as VerbExit {
            return exit.status
        } catch where HBTCommand.exitCode(for: error) == .success {
            // --help, --version
            console.out(HBTCommand.fullMessage(for: error))
            return ExitStatus.done
        } catch where HBTCommand.exitCode(for: error) == .validationFailure {
            throw CommandError(UsageLine.text(HBTCommand.message(for: error), arguments: arguments))
        }
    }

}
