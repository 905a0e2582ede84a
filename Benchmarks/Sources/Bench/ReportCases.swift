import BenchKit
import HBTMarketData
import HBTReport
import HBTTypes

/// What follows a run: statistics and tables of its records.
struct ReportCases {
    let folder: String
    private let records: [RecordRow]
    private let name: String

    /// - Parameter count: records of a seeded walk, a second apart.
    init(count: Int, folder: String) {
        self.folder = folder
        name = "records of a walk, seed 11, \(count)"
        var random = SeededRandom(seed: 11)
        var row = RecordRow(
            timestampNs: 1_722_988_800_000_000_000, price: 60_000, position: 0, balance: 0, fee: 0, numTrades: 0, tradingVolume: 0,
            tradingValue: 0)
        var records: [RecordRow] = []
        records.reserveCapacity(count)
        for _ in 0..<count {
            row.timestampNs += 1_000_000_000
            row.price += random.bell() * 2
            if random.uniform() < 0.2 {
                let quantity = random.uniform() < 0.5 ? 0.1 : -0.1
                row.position += quantity
                row.balance -= quantity * row.price
                row.numTrades += 1
                row.tradingVolume += 0.1
                row.tradingValue += 0.1 * row.price
                row.fee -= 0.1 * row.price * 0.00005
            }
            records.append(row)
        }
        self.records = records
    }

    private func reportCase(_ name: String, _ make: @escaping () throws -> () throws -> Outcome) -> BenchCase {
        BenchCase("report", name, per: .record, data: self.name, make)
    }

    private func builder() -> ReportBuilder {
        ReportBuilder(
            run: RunDescription(name: "bench", strategyType: "none", compatibility: .none, assets: [BenchInput.spec], settingsText: ""),
            settings: ReportSettings())
    }

    private static func digest(_ text: String) -> String {
        var digest = Digest()
        for byte in text.utf8 { digest.add(UInt64(byte)) }
        return digest.hex
    }

    var statistics: BenchCase {
        reportCase("statistics") {
            let report = builder()
            return {
                for record in records { try report.add(record: record, asset: 0) }
                return Outcome(units: Int64(records.count), digest: Self.digest(report.summaryJSON(digest: "")))
            }
        }
    }

    var page: BenchCase {
        reportCase("report.html") {
            let report = builder()
            for record in records { try report.add(record: record, asset: 0) }
            return { Outcome(units: Int64(records.count), digest: Self.digest(report.html(digest: ""))) }
        }
    }

    var recordsFile: BenchCase {
        reportCase("write records.npz") {
            let path = "\(folder)/records.npz"
            Files.remove(path)
            return {
                let spool = try RecordSpool(path: path, assetCount: 1)
                try spool.append(records, asset: 0)
                try spool.finish()
                return Outcome(units: Int64(records.count), digest: "\(Files.bytes(path)) bytes")
            }
        }
    }

    var parquet: BenchCase {
        reportCase("write parquet, 8 columns") {
            let path = "\(folder)/records.parquet"
            Files.remove(path)
            let times = records.map(\.timestampNs), trades = records.map(\.numTrades)
            let doubles: [(String, [Double])] = [
                ("price", records.map(\.price)), ("position", records.map(\.position)), ("balance", records.map(\.balance)),
                ("fee", records.map(\.fee)), ("volume", records.map(\.tradingVolume)), ("value", records.map(\.tradingValue)),
            ]
            return {
                let columns = [ParquetColumn("timestamp", .int64), ParquetColumn("trades", .int64)] + doubles.map { ParquetColumn($0.0, .double) }
                let writer = try ParquetWriter(path: path, columns: columns)
                writer.append(times, toColumn: 0)
                writer.append(trades, toColumn: 1)
                for (index, column) in doubles.enumerated() { writer.append(column.1, toColumn: index + 2) }
                try writer.endRows()
                try writer.finish()
                return Outcome(units: Int64(records.count), digest: "\(Files.bytes(path)) bytes")
            }
        }
    }

    var all: [BenchCase] { [statistics, page, recordsFile, parquet] }
}
