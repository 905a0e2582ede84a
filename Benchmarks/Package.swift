// swift-tools-version: 6.2
import PackageDescription

/// A package of its own: what measures the engine must not weigh on what builds it.
let package = Package(
    name: "hbt-benchmarks",
    platforms: [.macOS(.v14)],
    dependencies: [
        .package(name: "hbt", path: ".."),
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", exact: "0.2.0"),
    ],
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
        .target(name: "CAllocationCount"),
        // What each node of a factor graph costs.
        .target(name: "CTicks"),
        .executableTarget(
            name: "factor-bench",
            dependencies: [
                "CAllocationCount", "CTicks",
                .product(name: "HBTTypes", package: "hbt"),
                .product(name: "HBTMarketData", package: "hbt"),
                .product(name: "HBTConfig", package: "hbt"),
                .product(name: "HBTEngine", package: "hbt"),
                .product(name: "Histogram", package: "hdrhistogram-swift"),
            ],
            path: "Sources/FactorBench"
        ),
        // What the suite and the gate measure, and on what.
        .target(name: "CBench", linkerSettings: [.linkedLibrary("z")]),
        .target(
            name: "BenchKit",
            dependencies: [
                "CBench",
                .product(name: "HBTTypes", package: "hbt"),
                .product(name: "HBTMarketData", package: "hbt"),
                .product(name: "HBTEngine", package: "hbt"),
            ]
        ),
        // The suite: `make bench`.
        .executableTarget(
            name: "hbt-bench",
            dependencies: [
                "BenchKit", "CAllocationCount",
                .product(name: "HBTTypes", package: "hbt"),
                .product(name: "HBTMarketData", package: "hbt"),
                .product(name: "HBTEngine", package: "hbt"),
                .product(name: "HBTReport", package: "hbt"),
                .product(name: "Histogram", package: "hdrhistogram-swift"),
            ],
            path: "Sources/Bench"
        ),
        // From a message's last byte to the order request.
        .executableTarget(
            name: "live-bench",
            dependencies: [
                "CAllocationCount", "CTicks",
                .product(name: "HBTTypes", package: "hbt"),
                .product(name: "HBTMarketData", package: "hbt"),
                .product(name: "HBTEngine", package: "hbt"),
                .product(name: "HBTLive", package: "hbt"),
                .product(name: "HBTBinance", package: "hbt"),
                .product(name: "Histogram", package: "hdrhistogram-swift"),
            ],
            path: "Sources/LiveBench"
        ),
        // What `Benchmarks/gate.py` runs under callgrind: `make gate`.
        .executableTarget(name: "gate-probe", dependencies: ["BenchKit", "CBench"], path: "Sources/GateProbe"),
    ],
    swiftLanguageModes: [.v6]
)
