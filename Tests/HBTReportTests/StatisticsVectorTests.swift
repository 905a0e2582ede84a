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
            #expect(row.startText == expected["start"].text)
            #expect(row.endText == expected["end"].text)
            #expect(Set(row.values.map(\.name)) == expected.keys.subtracting(["start", "end"]))
            for value in row.values {
                let answer = try #require(expected[value.name].double)
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
    var summary: [JSONTree]
    var resampledColumns: [String]
    var resampled: [(timestampNs: Int64, values: [Double])]

    init(_ file: URL) throws {
        let json = try JSONTree.parse(Data(contentsOf: file))
        let size = try #require(json["contract_size"].double)
        settings = StatisticsSettings(
            contract: json["asset_kind"].text == "inverse" ? .inverse(size: size) : .linear(size: size),
            resampleNs: json["resample"].text.flatMap(DurationText.parseNs),
            partition: json["partition"].text.flatMap(ReportSettings.Partition.init(rawValue:)),
            bookSize: json["kwargs"]["book_size"].double,
            tradingDaysPerYear: json["kwargs"]["trading_days_per_year"].double ?? 252)
        if json["metrics"].text != "default" {
            settings.metrics = try json["metrics"].array.map { try #require(Metric(rawValue: $0.text ?? "")) }
        }
        rows = try json["record"].array.map { row in
            let values = try (1..<8).map { try #require(row[$0].double) }
            return RecordRow(
                timestampNs: try #require(row[0].int64), price: values[0], position: values[1], balance: values[2],
                fee: values[3], numTrades: try #require(row[5].int64), tradingVolume: values[5], tradingValue: values[6])
        }
        let expected = json["expected"]
        summary = expected["summary"].array
        resampledColumns = expected["resampled_columns"].array.compactMap(\.text)
        resampled = try expected["resampled"].array.map { row in
            (try #require(row[0].int64), try row.array.dropFirst().map { try #require($0.double) })
        }
    }
}
