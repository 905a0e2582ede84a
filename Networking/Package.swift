// swift-tools-version: 6.2
import PackageDescription

/// What opens sockets. A package of its own: NIO, TLS and certificates take longer to build than all the rest,
/// and a backtest needs none of them.
let strict: [SwiftSetting] = [.treatAllWarnings(as: .error)]

let package = Package(
    name: "hbt-networking",
    platforms: [.macOS(.v14)],
    products: [
        .executable(name: "hbt-exchange", targets: ["hbt-exchange"]),
        .executable(name: "hbt-collect", targets: ["hbt-collect"]),
        .executable(name: "hbt-run", targets: ["hbt-run"]),
        .library(name: "HBTRunner", targets: ["HBTRunner"]),
    ],
    traits: [
        .trait(name: "ZeroMQ", description: "Publish market data and factor values over ZeroMQ (libzmq3-dev)."),
        .trait(name: "Iceoryx", description: "Frames between processes through shared memory (iceoryx, libiceoryx-binding-c-dev)."),
    ],
    dependencies: [
        .package(name: "hbt", path: ".."),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.80.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.30.0"),
        .package(url: "https://github.com/apple/swift-certificates", from: "1.10.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "3.12.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.6.0"),
    ],
    targets: [
        // Both build without the libraries, and then say that they are not there.
        .target(
            name: "CZeroMQ", cSettings: [.define("HBT_ZEROMQ", .when(traits: ["ZeroMQ"]))],
            linkerSettings: [.linkedLibrary("zmq", .when(traits: ["ZeroMQ"]))]),
        .target(
            name: "CIceoryx",
            cSettings: [
                .define("HBT_ICEORYX", .when(traits: ["Iceoryx"])),
                .unsafeFlags(["-I/usr/include/iceoryx/v2.0.3"], .when(traits: ["Iceoryx"])),
            ],
            linkerSettings: [.linkedLibrary("iceoryx_binding_c", .when(traits: ["Iceoryx"]))]),
        .target(name: "HBTChannels", dependencies: ["CZeroMQ", "CIceoryx", .product(name: "HBTTypes", package: "hbt")], swiftSettings: strict),
        .testTarget(
            name: "HBTChannelsTests", dependencies: ["HBTChannels", "PaperSupport", .product(name: "HBTTypes", package: "hbt")], swiftSettings: strict),
        .target(
            name: "HBTSockets",
            dependencies: [
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOWebSocket", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            swiftSettings: strict
        ),
        .target(
            name: "HBTExchangeServer",
            dependencies: [
                .product(name: "HBTTypes", package: "hbt"),
                .product(name: "HBTBinance", package: "hbt"),
                .product(name: "HBTMarketData", package: "hbt"),
                .product(name: "HBTPaperExchange", package: "hbt"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOWebSocket", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "X509", package: "swift-certificates"),
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            swiftSettings: strict
        ),
        .target(
            name: "HBTCollector",
            dependencies: [
                "HBTSockets",
                .product(name: "HBTLive", package: "hbt"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOConcurrencyHelpers", package: "swift-nio"),
            ],
            swiftSettings: strict
        ),
        .target(
            name: "HBTObserve",
            dependencies: [
                .product(name: "HBTLive", package: "hbt"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOConcurrencyHelpers", package: "swift-nio"),
            ],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "hbt-collect",
            dependencies: [
                "HBTCollector", .product(name: "HBTMarketData", package: "hbt"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "hbt-exchange",
            dependencies: ["HBTExchangeServer", .product(name: "ArgumentParser", package: "swift-argument-parser")],
            swiftSettings: strict
        ),
        .target(
            name: "HBTRunner",
            dependencies: [
                "HBTChannels", "HBTSockets", "HBTObserve",
                .product(name: "HBTTypes", package: "hbt"),
                .product(name: "HBTEngine", package: "hbt"),
                .product(name: "HBTBinance", package: "hbt"),
                .product(name: "HBTLive", package: "hbt"),
                .product(name: "HBTCommands", package: "hbt"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
            ],
            swiftSettings: strict
        ),
        .executableTarget(name: "hbt-run", dependencies: ["HBTRunner"], swiftSettings: strict),
        // For tests alone.
        .target(
            name: "PaperSupport",
            dependencies: [
                "HBTChannels", "HBTSockets", "HBTExchangeServer", .product(name: "HBTPaperExchange", package: "hbt"),
                .product(name: "HBTBinance", package: "hbt"),
            ],
            path: "Tests/PaperSupport",
            swiftSettings: strict
        ),
        .testTarget(name: "HBTSocketsTests", dependencies: ["HBTSockets", "HBTExchangeServer", "PaperSupport"], swiftSettings: strict),
        .testTarget(
            name: "HBTCollectorTests",
            dependencies: [
                "HBTCollector", "HBTExchangeServer", .product(name: "HBTPaperExchange", package: "hbt"), .product(name: "HBTBinance", package: "hbt"),
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "HBTExchangeServerTests",
            dependencies: [
                "HBTExchangeServer", "HBTSockets", "PaperSupport", .product(name: "HBTBinance", package: "hbt"),
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            swiftSettings: strict
        ),
        .testTarget(name: "HBTObserveTests", dependencies: ["HBTObserve", "HBTSockets"], swiftSettings: strict),
        .testTarget(
            name: "HBTRunnerTests",
            dependencies: [
                "HBTChannels", "HBTRunner", "hbt-run", "HBTSockets", "HBTExchangeServer", "PaperSupport", .product(name: "HBTCommands", package: "hbt"),
                .product(name: "HBTBinance", package: "hbt"), .product(name: "HBTEngine", package: "hbt"), .product(name: "HBTLive", package: "hbt"),
                .product(name: "HBTTypes", package: "hbt"), .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: strict
        ),
    ],
    swiftLanguageModes: [.v6]
)
