import HBTLive
import Testing

@Suite struct AccountHealthTests {
    @Test func everythingMustBeAnsweredSinceTheStreamOpened() {
        var health = AccountHealth(assets: 2)
        #expect(health.fault == "the user stream is not connected")
        for asset in 0..<2 {
            health.listed(asset: asset, askedNs: 5)
            health.placed(asset: asset, askedNs: 5)
        }
        health.streamOpened(at: 10)
        #expect(health.fault != nil, "answers from before the stream say nothing about what happened since")
        for asset in 0..<2 {
            health.listed(asset: asset, askedNs: 9)
            health.placed(asset: asset, askedNs: 11)
        }
        #expect(health.fault != nil)
        health.listed(asset: 0, askedNs: 10)
        #expect(health.fault != nil, "the second asset's orders are not known yet")
        health.listed(asset: 1, askedNs: 12)
        #expect(health.fault == nil)
        health.streamClosed()
        #expect(health.fault == "the user stream is not connected")
        health.streamOpened(at: 20)
        #expect(health.fault != nil)
    }
}
