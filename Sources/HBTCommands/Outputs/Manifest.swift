import Foundation

/// `manifest.json`: what was run, on what, and what came out.
///
/// Nothing in it may differ between two equal runs: no clock, no machine.
struct Manifest: Codable, Equatable {
    /// Of the folder's files; raised when one of them changes its meaning.
    static let currentFormat = 1

    struct Input: Codable, Equatable {
        var asset: String
        /// `data`, `initial_snapshot` or `latency`.
        var role: String
        /// Absolute.
        var path: String
        var bytes: Int64
        var sha256: String
    }

    struct File: Codable, Equatable {
        var name: String
        var bytes: Int64
        var sha256: String
    }

    struct Counts: Codable, Equatable {
        /// Market rows of the data; left out when the run ended before its data did.
        var rows: Int64?
        /// Calls of the strategy.
        var steps: Int64
        var records: Int64
        var requests: Int64
        var responses: Int64
        var fills: Int64
    }

    /// Of the records, nanoseconds since the Unix epoch.
    struct Span: Codable, Equatable {
        var firstNs: Int64
        var lastNs: Int64

        enum CodingKeys: String, CodingKey {
            case firstNs = "first_ns"
            case lastNs = "last_ns"
        }
    }

    /// Where a run with changed settings left the one it comes from.
    struct Fork: Codable, Equatable {
        /// `config.toml` of the run it comes from.
        var settings: String
        /// Steps they have in common, and when the last of them was.
        var steps: Int64
        var atNs: Int64
        /// Digest at that step.
        var digest: String
        /// `--set` texts.
        var changes: [String]

        enum CodingKeys: String, CodingKey {
            case settings, steps, digest, changes
            case atNs = "at_ns"
        }
    }

    /// Of a run on a live feed.
    struct Live: Codable, Equatable {
        /// `paper` or `live`.
        var mode: String
        /// Carried by the client order ids.
        var runId: String
        /// Our clock.
        var startedNs: Int64
        var endedNs: Int64
        var reason: String
        /// When it was proven that nothing is open at the venue.
        var provenNs: Int64?

        enum CodingKeys: String, CodingKey {
            case mode, reason
            case runId = "run_id"
            case startedNs = "started_ns"
            case endedNs = "ended_ns"
            case provenNs = "proven_ns"
        }
    }

    var format = currentFormat
    var hbtVersion = HBTVersion.text
    var name: String
    var strategy: String
    var compatibility: String
    /// Of every request, response, fill and record: what "the same run" means.
    var digest: String
    /// SHA-256 of `config.toml`.
    var settingsSHA256: String
    var inputs: [Input]
    var counts: Counts
    var span: Span?
    /// `--until`.
    var untilNs: Int64?
    /// True when Ctrl-C ended the run; the counts say where.
    var interrupted: Bool
    /// Set when the run went on from another one's snapshot with changed settings.
    var fork: Fork?
    var live: Live?
    /// Every file of the folder but this one and `host.json`.
    var files: [File]

    enum CodingKeys: String, CodingKey {
        case format, name, strategy, compatibility, digest, inputs, counts, span, interrupted, fork, live, files
        case hbtVersion = "hbt_version"
        case settingsSHA256 = "settings_sha256"
        case untilNs = "until_ns"
    }

    var json: String {
        get throws { try JSONFile.text(self) }
    }
}
