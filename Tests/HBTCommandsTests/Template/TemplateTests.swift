import Foundation
import Testing

@testable import HBTCommands

/// That the package builds and runs is proved by `.ci/template-package`, which takes minutes.
@Suite struct TemplateTests {
    @Test(arguments: [
        ("my-strategy", "MyStrategy", "my_strategy"), ("alpha", "AlphaStrategy", "alpha"), ("Momentum", "MomentumStrategy", "momentum"),
        ("a_b-c2", "ABC2Strategy", "a_b_c2"),
    ])
    func namesAreDerived(text: String, type: String, setting: String) throws {
        let name = try PackageName(text)
        #expect(name.typeName == type && name.settingsName == setting)
    }

    @Test(arguments: ["", "1a", "a b", "a/b", "-a", "a--b", "a-", "ä", "hbt", "../x"])
    func otherNamesAreRefused(text: String) {
        #expect(throws: CommandError.self) { try PackageName(text) }
    }

    @Test func theFilesNameOneAnother() throws {
        let package = TemplatePackage(name: try PackageName("my-strategy"), origin: .path("/somewhere/hbt"))
        let files = package.files
        #expect(files.map(\.path) == [
            "Package.swift", "README.md", ".gitignore", "Sources/my-strategy/main.swift", "Sources/my-strategy/MyStrategy.swift", "my-strategy.toml",
        ])
        #expect(files[0].text.contains(".package(name: \"hbt\", path: \"/somewhere/hbt\")"))
        #expect(files[3].text.contains("HBTMain.main(strategies: [MyStrategy.self])"))
        #expect(files[4].text.contains("final class MyStrategy: Strategy {") && files[4].text.contains("typeName = \"my_strategy\""))
        #expect(files[5].text.contains("type = \"my_strategy\"") && files[5].text.contains("data/sample.npz"))
    }

    @Test func anAddressBecomesADependency() throws {
        let origin = try PackageOrigin.find("https://example.org/somebody/hbt.git")
        #expect(origin.dependency == ".package(url: \"https://example.org/somebody/hbt.git\", from: \"\(HBTVersion.text)\")")
        #expect(origin.identity == "hbt")
        #expect(throws: CommandError.self) { try PackageOrigin.find("/nowhere/at/all") }
    }
}
