// swift-tools-version: 6.2
import PackageDescription

/// A package of its own: what measures the engine must not weigh on what builds it.
let package = Package(
    name: "hbt-benchmarks",
    platforms: [.macOS(.v14)],
    dependencies: [.package(name: "hbt", path: "..")],
    targets: [
        .executableTarget(
            name: "replay-bench",
            dependencies: [
                .product(name: "HBTTypes", package: "hbt"),
                .product(name: "HBTMarketData", package: "hbt"),
                .product(name: "HBTEngine", package: "hbt"),
            ],
            path: "Sources/ReplayBench"
        ),
    ],
    swiftLanguageModes: [.v6]
)
