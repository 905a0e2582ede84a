import Foundation
import HBTTypes
import Testing

@testable import HBTReport

@Suite struct ReportPageTests {
    func built(rows: Int, settings: ReportSettings = ReportSettings(partition: .hourly), text: String = "name = \"synthetic\"\n") throws -> ReportBuilder {
        let builder = ReportBuilder(run: SyntheticRun.description(settingsText: text), settings: settings)
        try SyntheticRun.feed(builder, rows: rows)
        return builder
    }

    @Test func equalRunsMakeEqualBytes() throws {
        let a = try built(rows: 3_000), b = try built(rows: 3_000)
        #expect(a.html(digest: "ab") == b.html(digest: "ab"))
        #expect(a.html(digest: "ab") == a.html(digest: "ab"), "asking does not change the answer")
        #expect(a.summaryJSON(digest: "ab") == b.summaryJSON(digest: "ab"))
        #expect(a.table() == b.table())
        #expect(a.html(digest: "ab") != a.html(digest: "cd"))
    }

    @Test func nothingOutsideTheFileIsAskedFor() throws {
        let html = try built(rows: 200).html(digest: "ab")
        for word in ["http:", "https:", "src=", "@import", "url(", "fetch(", "Date.now", "new Date()"] {
            #expect(!html.contains(word), "\(word)")
        }
    }

    @Test(arguments: [0, 1, 2, 500]) func noCoordinateIsNotANumber(rows: Int) throws {
        let html = try built(rows: rows).html(digest: "ab")
        for word in ["\"nan\"", "\"inf\"", "=\"-nan", "nan,", ",nan", "inf,", "[nan", "[inf"] { #expect(!html.contains(word), "\(word)") }
        #expect(html.hasSuffix("</html>\n"))
    }

    @Test func settingsAndNamesAreText() throws {
        let builder = ReportBuilder(
            run: RunDescription(
                name: "<script>alert(1)</script>", strategyType: "a & b", compatibility: .hftbacktest24,
                assets: [AssetSpec(symbol: "\"X\"<i>", tickSize: 0.1, lotSize: 1)], settingsText: "a = '</pre><b>'", notes: ["<u>"]),
            settings: ReportSettings())
        let html = builder.html(digest: "<digest>")
        for word in ["<script>alert", "<i>&", "</pre><b>", "<u>", "<digest>"] { #expect(!html.contains(word), "\(word)") }
        #expect(html.contains("a = &#39;&lt;/pre&gt;&lt;b&gt;&#39;"))
        #expect(html.contains("hftbacktest-2.4"))
    }

    @Test func aLongRunStaysASmallFile() throws {
        // Two months of minutes in hourly parts, 100,000 fills, a settings text beyond the limit.
        let builder = ReportBuilder(
            run: SyntheticRun.description(settingsText: String(repeating: "# a line of settings\n", count: 20_000)),
            settings: ReportSettings(partition: .hourly))
        try SyntheticRun.feed(builder, rows: 110_000, stepNs: 50_000_000_000, tradeShare: 0.95)
        let html = builder.html(digest: "ab")
        #expect(html.utf8.count < 3_000_000)
        #expect(html.contains("fills are shown as"), "thinning is said")
        #expect(html.contains("more are in summary.json"))
        #expect(html.contains("Cut after"))
    }

    @Test func severalAssetsHaveTabs() throws {
        let other = AssetSpec(symbol: "ETHUSDT", tickSize: 0.01, lotSize: 0.001, contract: .inverse(size: 10))
        let builder = ReportBuilder(run: SyntheticRun.description(assets: [SyntheticRun.spec, other]), settings: ReportSettings())
        try SyntheticRun.feed(builder, rows: 300)
        try SyntheticRun.feed(builder, rows: 300, asset: 1, seed: 8)
        let html = builder.html(digest: "ab")
        #expect(html.components(separatedBy: "role=\"tab\"").count == 3)
        #expect(html.contains("aria-controls=\"asset-1\""))
        #expect(builder.table().contains("ETHUSDT"))
    }

    @Test func anUnknownAssetIsRefused() throws {
        let builder = try built(rows: 1)
        #expect(throws: ReportError.unknownAsset(index: 1, count: 1)) { try builder.add(record: row(0), asset: 1) }
        #expect(throws: ReportError.unknownAsset(index: -1, count: 1)) { try builder.add(fill: fill(.buy, asset: -1)) }
    }

    @Test func theSummarySaysWhatTheStatisticsSay() throws {
        let builder = try built(rows: 4_000)
        let json = try JSONTree.parse(Data(builder.summaryJSON(digest: "ab").utf8))
        let statistics = try builder.statistics(asset: 0)
        let rows = json["assets"][0]["summary"].array
        #expect(rows.count == statistics.summary.count)
        #expect(rows.count > 2)
        for (row, expected) in zip(rows, statistics.summary) {
            #expect(row["start"].text == expected.startText)
            for value in expected.values {
                let read = try #require(row["metrics"][value.name].double)
                #expect(read == value.value || (read.isNaN && value.value.isNaN), "\(value.name)")
            }
        }
        #expect(json["digest"].text == "ab")
        #expect(json["assets"][0]["fills"]["all"]["count"].int64.map(Double.init) == (try #require(statistics.whole)["NumberOfTrades"]))
    }
}
