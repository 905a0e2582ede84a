/// Data files of vectors, by the SHA-256 of the file.
final class ConformanceData {
    let directory: String?
    init(directory: String?) { self.directory = directory }
}
