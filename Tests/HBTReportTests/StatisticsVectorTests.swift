import Foundation
import HBTTypes
import Testing

@testable import HBTReport

/// HftBacktest 2.4.4's own answers, doubles within 1e-12 relative.
@Suite struct StatisticsVectorTests {
    static let files: [URL] = {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Vectors")
        let all = (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? []
        return all.filter { $0.pathExtension == "json" }.sorted { $0.path < $1.path }
    }()

    @Test func vectorsArePresent() { #expect(Self.files.count >= 6) }

    @Test(arguments: files)
    func agreesWithUpstream(file: URL) throws {
        let vector = try StatisticsVector(file)
        var builder = StatisticsBuilder(settings: vector.settings, keepSamples: true)
        for row in vector.rows { try builder.add(row) }
        let result = builder.finish()

        #expect(result.summary.count == vector.summary.count)
        for (row, expected) in zip(result.summary, vector.summary) {
            #expect(row.startText == expected["start"] as? String)
            #expect(row.endText == expected["end"] as? String)
            #expect(Set(row.values.map(\.name)) == Set(expected.keys).subtracting(["start", "end"]))
            for value in row.values {
                let answer = StatisticsVector.number(expected[value.name])
                #expect(close(value.value, answer), "\(value.name): \(value.value) is not \(answer)")
            }
        }
        #expect(vector.resampledColumns == ResampledSample.columnNames)
        #expect(result.samples.count == vector.resampled.count)
        for (sample, expected) in zip(result.samples, vector.resampled) {
            #expect(sample.timestampNs == expected.timestampNs)
            for (i, value) in sample.columns.enumerated() {
                #expect(
                    close(value, expected.values[i]),
                    "\(ResampledSample.columnNames[i + 1]) at \(sample.timestampNs): \(value) is not \(expected.values[i])")
            }
        }
    }
}

func close(_ a: Double, _ b: Double, tolerance: Double = 1e-12) -> Bool {
    if a.isNaN || b.isNaN { return a.isNaN && b.isNaN }
    return a == b || abs(a - b) <= tolerance * max(abs(a), abs(b))
}

/// A `stats` vector file, read.
struct StatisticsVector {
    var settings: StatisticsSettings
    var rows: [RecordRow]
    var summary: [[String: Any]]
    var resampledColumns: [String]
    var resampled: [(timestampNs: Int64, values: [Double])]

    init(_ file: URL) throws {
        let json = try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any])
        let size = Self.number(json["contract_size"])
        let kwargs = try #require(json["kwargs"] as? [String: Any])
        settings = StatisticsSettings(
            contract: json["asset_kind"] as? String == "inverse" ? .inverse(size: size) : .linear(size: size),
            resampleNs: (json["resample"] as? String).flatMap(DurationText.parseNs),
            partition: (json["partition"] as? String).flatMap(ReportSettings.Partition.init(rawValue:)),
            bookSize: kwargs["book_size"].map(Self.number),
            tradingDaysPerYear: kwargs["trading_days_per_year"].map(Self.number) ?? 252)
        if let names = json["metrics"] as? [String] {
            settings.metrics = try names.map { try #require(Metric(rawValue: $0)) }
        }
        rows = try #require(json["record"] as? [[Any]]).map {
            RecordRow(
                timestampNs: Self.integer($0[0]), price: Self.number($0[1]), position: Self.number($0[2]),
                balance: Self.number($0[3]), fee: Self.number($0[4]), numTrades: Self.integer($0[5]),
                tradingVolume: Self.number($0[6]), tradingValue: Self.number($0[7]))
        }
        let expected = try #require(json["expected"] as? [String: Any])
        summary = try #require(expected["summary"] as? [[String: Any]])
        resampledColumns = try #require(expected["resampled_columns"] as? [String])
        resampled = try #require(expected["resampled"] as? [[Any]]).map {
            (Self.integer($0[0]), $0.dropFirst().map(Self.number))
        }
    }

    static func number(_ value: Any?) -> Double {
        if let text = value as? String { return Double(text) ?? .signalingNaN }
        return (value as? NSNumber)?.doubleValue ?? .nan
    }

    static func integer(_ value: Any) -> Int64 { (value as? NSNumber)?.int64Value ?? .min }
}
