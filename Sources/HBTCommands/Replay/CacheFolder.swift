import Foundation

/// Where things that can be made again are kept.
enum CacheFolder {
    /// `$XDG_CACHE_HOME/hbt`, else `~/.cache/hbt`; nil without a home.
    static var standard: String? {
        let environment = ProcessInfo.processInfo.environment
        // The specification leaves relative paths out of account.
        if let base = environment["XDG_CACHE_HOME"], base.hasPrefix("/") { return FileTree.join(base, "hbt") }
        guard let home = environment["HOME"], home.hasPrefix("/") else { return nil }
        return FileTree.join(home, ".cache/hbt")
    }
}
