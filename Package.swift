// swift-tools-version: 6.2
import PackageDescription

/// Every target of ours is built with warnings as errors; nothing needs `unsafeFlags`,
/// so that strategy packages can depend on this one.
let strict: [SwiftSetting] = [.treatAllWarnings(as: .error)]

let package = Package(
    name: "hbt",
    platforms: [.macOS(.v14)],
    products: [
        .executable(name: "hbt", targets: ["hbt"]),
        .library(name: "HBTTypes", targets: ["HBTTypes"]),
        .library(name: "HBTBinance", targets: ["HBTBinance"]),
        .library(name: "HBTPaperExchange", targets: ["HBTPaperExchange"]),
        .library(name: "HBTMarketData", targets: ["HBTMarketData"]),
        .library(name: "HBTEngine", targets: ["HBTEngine"]),
        .library(name: "HBTConfig", targets: ["HBTConfig"]),
        .library(name: "HBTReport", targets: ["HBTReport"]),
        .library(name: "HBTLive", targets: ["HBTLive"]),
        .library(name: "HBTCommands", targets: ["HBTCommands"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/LebJe/TOMLKit", from: "0.6.0"),
    ],
    targets: [
        .systemLibrary(name: "CZlib", path: "Sources/CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CZstd", path: "Sources/CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
        .target(name: "CSHA256"),
        .target(name: "CWireLevels"),
        .target(name: "HBTDigest", dependencies: ["CSHA256"], swiftSettings: strict),
        .target(name: "HBTTypes", swiftSettings: strict),
        .target(name: "HBTMarketData", dependencies: ["HBTTypes", "CZlib", "CZstd"], swiftSettings: strict),
        .target(name: "HBTEngine", dependencies: ["HBTTypes"], swiftSettings: strict),
        .target(name: "HBTConfig", dependencies: ["HBTTypes", .product(name: "TOMLKit", package: "TOMLKit")], swiftSettings: strict),
        .target(name: "HBTReport", dependencies: ["HBTTypes"], swiftSettings: strict),
        .target(name: "HBTLive", dependencies: ["HBTTypes", "HBTEngine", "HBTMarketData", "HBTBinance", "CZlib", "CZstd"], swiftSettings: strict),
        .target(name: "HBTBinance", dependencies: ["HBTTypes", "HBTDigest", "CWireLevels"], swiftSettings: strict),
        .target(name: "HBTPaperExchange", dependencies: ["HBTTypes", "HBTBinance", "HBTEngine", "HBTMarketData"], swiftSettings: strict),
        .target(
            name: "HBTCommands",
            dependencies: [
                "HBTDigest", "HBTTypes", "HBTMarketData", "HBTEngine", "HBTConfig", "HBTReport", "HBTLive",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict
        ),
        .executableTarget(name: "hbt", dependencies: ["HBTCommands"], swiftSettings: strict),
        .testTarget(name: "HBTDigestTests", dependencies: ["HBTDigest"], swiftSettings: strict),
        .testTarget(name: "HBTTypesTests", dependencies: ["HBTTypes"], swiftSettings: strict),
        .testTarget(name: "HBTMarketDataTests", dependencies: ["HBTMarketData"], exclude: ["Vectors"], swiftSettings: strict),
        .testTarget(name: "HBTEngineTests", dependencies: ["HBTEngine", "HBTMarketData", "HBTConfig"], swiftSettings: strict),
        .testTarget(name: "HBTConfigTests", dependencies: ["HBTConfig"], swiftSettings: strict),
        .testTarget(name: "HBTLiveTests", dependencies: ["HBTLive", "HBTEngine", "HBTMarketData", "HBTBinance"], swiftSettings: strict),
        .testTarget(name: "HBTReportTests", dependencies: ["HBTReport"], exclude: ["Vectors"], swiftSettings: strict),
        .testTarget(name: "HBTBinanceTests", dependencies: ["HBTBinance"], swiftSettings: strict),
        .testTarget(
            name: "HBTPaperExchangeTests", dependencies: ["HBTPaperExchange", "HBTBinance", "HBTMarketData", "HBTEngine"], swiftSettings: strict),
        .testTarget(
            name: "HBTCommandsTests",
            dependencies: ["HBTCommands", "HBTDigest", "HBTMarketData", "HBTEngine", "HBTConfig", "HBTReport", "HBTLive"],
            exclude: ["Vectors"],
            swiftSettings: strict
        ),
        .testTarget(name: "TidyTests", swiftSettings: strict),
    ],
    swiftLanguageModes: [.v6]
)
