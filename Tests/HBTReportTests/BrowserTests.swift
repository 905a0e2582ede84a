import Foundation
import HBTTypes
import Testing

@testable import HBTReport

/// Opens reports in a headless Chromium where one is installed; elsewhere these tests are skipped and
/// say so.
@Suite(.serialized) struct BrowserTests {
    static let browser: String? = {
        let found = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"]
            .first { FileManager.default.isExecutableFile(atPath: $0) }
        if found == nil { print("BrowserTests skipped: no Chromium in /usr/bin") }
        return found
    }()

    enum Content: String, CaseIterable { case typical, thinned, oneRow, noRows, twoAssets }

    func report(_ content: Content) throws -> String {
        let other = AssetSpec(symbol: "ETHUSDT", tickSize: 0.01, lotSize: 0.001)
        let builder = ReportBuilder(
            run: SyntheticRun.description(assets: content == .twoAssets ? [SyntheticRun.spec, other] : [SyntheticRun.spec]),
            settings: ReportSettings(partition: .hourly))
        switch content {
        case .typical: try SyntheticRun.feed(builder, rows: 2_000)
        case .thinned: try SyntheticRun.feed(builder, rows: 25_000, tradeShare: 0.9)
        case .oneRow: try builder.add(record: row(SyntheticRun.startNs, price: .nan), asset: 0)
        case .noRows: break
        case .twoAssets:
            try SyntheticRun.feed(builder, rows: 500)
            try SyntheticRun.feed(builder, rows: 500, asset: 1, seed: 8)
        }
        return builder.html(digest: "0123456789abcdef")
    }

    @Test(.enabled(if: browser != nil, "needs Chromium"), arguments: Content.allCases)
    func drawsWithoutErrors(content: Content) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("hbt-report-\(content)-\(ProcessInfo.processInfo.processIdentifier)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let page = folder.appendingPathComponent("report.html"), picture = folder.appendingPathComponent("report.png")
        // Also what a reader does: zoom in and point at things.
        let use = "hbtReport.charts.forEach(c => { c.zoom(0.2, 0.6); c.hover('price', 0.5, 0.5); c.hover('position', 0.9, 0.1); });"
        let html = try report(content).replacingOccurrences(of: "</body>", with: "<script>\(use)</script></body>")
        try Data(html.utf8).write(to: page)

        let root = try rootElement(of: page, profile: folder)
        let charts = ["noRows": 0, "twoAssets": 2][content.rawValue] ?? 1
        #expect(root.contains("data-ready=\"\(charts)\""), "the script did not come to its end: \(root)")
        #expect(!root.contains("data-error"), "\(root)")

        _ = try run(["--screenshot=\(picture.path)", "--window-size=1400,2600", page.path], profile: folder)
        let png = try Data(contentsOf: picture)
        #expect(png.starts(with: [0x89, 0x50, 0x4E, 0x47]))
        // A blank page of this size is about 10 kB.
        #expect(png.count > 40_000)
    }

    @Test(.enabled(if: browser != nil, "needs Chromium"))
    func anErrorInTheScriptWouldBeSeen() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("hbt-report-broken-\(ProcessInfo.processInfo.processIdentifier)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let page = folder.appendingPathComponent("report.html")
        try Data(report(.typical).replacingOccurrences(of: "\"ft\":[", with: "\"xx\":[").utf8).write(to: page)
        let root = try rootElement(of: page, profile: folder)
        #expect(root.contains("data-error"))
        #expect(!root.contains("data-ready"))
    }

    private func rootElement(of page: URL, profile: URL) throws -> String {
        let dom = try run(["--dump-dom", page.path], profile: profile)
        return try #require(dom.split(separator: ">").first { $0.contains("<html") }.map(String.init))
    }

    /// Standard output of the browser, which must not take longer than a minute.
    private func run(_ arguments: [String], profile: URL) throws -> String {
        let process = Process(), out = Pipe()
        process.executableURL = URL(fileURLWithPath: Self.browser ?? "")
        process.arguments =
            ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--user-data-dir=\(profile.path)/profile"] + arguments
        process.standardOutput = out
        process.standardError = FileHandle.nullDevice
        try process.run()
        let deadline = DispatchWorkItem { process.terminate() }
        DispatchQueue.global().asyncAfter(deadline: .now() + 60, execute: deadline)
        let data = out.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        deadline.cancel()
        return String(decoding: data, as: UTF8.self)
    }
}
