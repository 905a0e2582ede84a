import Foundation
import HBTMarketData

/// A tape for one run: the file has no name any more when it is used.
enum TemporaryTape {
    static func make(_ fill: (TapeFileWriter) throws -> Void) throws -> TapeFile {
        let path = FileTree.join(FileManager.default.temporaryDirectory.path, "hbt-\(UUID().uuidString)\(AssetTape.suffix)")
        defer { FileTree.remove(path) }
        try fill(try TapeFileWriter(path: path))
        return try TapeFile(path: path)
    }
}
