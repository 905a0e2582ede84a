import HBTBinance
import HBTLive
import Logging

extension LiveShell {
    /// Books a funding payment. The venue names the symbol only where the margin is isolated; with one asset it is clear.
    func takeFunding(_ update: AccountUpdate, at ns: Int64) {
        guard update.reason == "FUNDING_FEE" else { return }
        let named = session.plan.specs.indices.filter { asset in
            update.positions.contains { $0.symbol.uppercased() == session.plan.specs[asset].symbol.uppercased() }
        }
        let asset = named.count == 1 ? named[0] : session.plan.specs.count == 1 ? 0 : nil
        let changes = update.balances.filter { $0.change.mantissa != 0 }
        guard let asset else {
            if !changes.isEmpty { log.warning("funding of a symbol that the venue does not name; it is in no asset's account") }
            return
        }
        for balance in changes { engine.funding(-balance.change.double, asset: asset, at: ns) }
    }
}
