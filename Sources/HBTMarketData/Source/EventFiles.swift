import HBTTypes

/// Opens event files by the end of their names.
public enum EventFiles {
    /// A source that streams the rows of one file.
    ///
    /// - Throws: when the file cannot be opened, is of another kind or has another dtype.
    public static func open(_ path: String) throws(MarketDataError) -> sending any EventFileSource {
        switch suffix(of: path) {
        case "npz": return try NpzEventSource(path: path)
        case "npy": return try NpyEventSource(path: path)
        case "tape": throw MarketDataError(path: path, .unsupported("a tape here: it holds no rows; name the files it was made of"))
        case "gz", "zst": throw MarketDataError(path: path, .unsupported("collector file here; convert it to .npz first"))
        default: throw MarketDataError(path: path, .unsupported("file type; event files end in .npz or .npy"))
        }
    }

    /// Recordings of raw feeds, by their names: `.gz` and `.zst`, but not another vendor's `.dbn.zst` or `.csv.gz`.
    public static func isRecording(_ path: String) -> Bool {
        let hasSuffix = path.hasSuffix(".gz") || path.hasSuffix(".zst")
        return hasSuffix && ![".dbn.zst", ".csv.gz", ".csv.zst"].contains(where: path.hasSuffix)
    }

    /// What follows the last dot of the file name; empty without one.
    static func suffix(of path: String) -> Substring {
        let name = path.split(separator: "/").last ?? ""
        guard let dot = name.lastIndex(of: ".") else { return "" }
        return name[name.index(after: dot)...]
    }
}
