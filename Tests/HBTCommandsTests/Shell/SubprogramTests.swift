import Testing

@testable import HBTCommands

@Suite struct SubprogramTests {
    @Test func itIsLookedForBesideTheProgramAndInItsOwnPackage() {
        #expect(Subprogram.places(verb: "exchange", executable: "/a/hbt/.build/x86/release/hbt") == [
            "/a/hbt/.build/x86/release/hbt-exchange", "/a/hbt/Networking/.build/release/hbt-exchange", "/a/hbt/Networking/.build/debug/hbt-exchange",
        ])
        #expect(Subprogram.places(verb: "exchange", executable: "hbt")[0] == "./hbt-exchange")
    }

    @Test func oneThatIsNotThereSaysHowToBuildIt() {
        let wanted = "hbt-dance is not built (looked for /nowhere/hbt-dance); run make dance, or swift build -c release --package-path Networking"
        #expect(throws: CommandError(wanted)) {
            try Subprogram(verb: "dance").start([], executable: "/nowhere/hbt")
        }
    }
}
