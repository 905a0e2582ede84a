import ArgumentParser
import Foundation
import HBTCommands

/// `hbt run --kill FOLDER`.
enum KillCommand {
    private static let waitSeconds = 60.0

    static func run(folder: String) throws {
        guard FileManager.default.fileExists(atPath: "\(folder)/\(LiveSession.journalName)") else {
            throw ValidationError("--kill \(folder): this is no folder of a live run")
        }
        let manifest = "\(folder)/manifest.json"
        guard !FileManager.default.fileExists(atPath: manifest) else {
            print("\(folder): the run has ended already")
            return
        }
        guard FileManager.default.createFile(atPath: "\(folder)/\(LiveSession.killName)", contents: nil) else {
            throw ValidationError("--kill \(folder): the file \(LiveSession.killName) cannot be made there; send SIGUSR1 to the process instead")
        }
        let end = Date().addingTimeInterval(waitSeconds)
        while Date() < end {
            if FileManager.default.fileExists(atPath: manifest) {
                print("\(folder): the run has ended; manifest.json says how")
                return
            }
            Thread.sleep(forTimeInterval: 0.1)
        }
        print("\(folder): the run has not ended after \(Int(waitSeconds)) s; is its process alive?")
        throw ExitCode(RunStatus.unproven)
    }
}
