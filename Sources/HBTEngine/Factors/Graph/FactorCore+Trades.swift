import HBTTypes

extension FactorCore {
    /// A market trade of an asset, while its wave is open.
    @inline(__always) mutating func trade(_ probe: UnsafeMutablePointer<AssetProbe>, _ row: UnsafePointer<LocalRow>) {
        probe.pointee.touched.insert(.trade)
        guard probe.pointee.takerCount > 0 else { return }
        let size = probe.pointee.scale.quantity(row.pointee.quantity)
        let ns = row.pointee.localNs
        for i in 0..<probe.pointee.takerCount {
            let taker = probe.pointee.takers[i]
            let index = Int(taker.index)
            switch taker.kind {
            case .buys:
                if row.pointee.kind == .buyTrade { flows[index].push(size, at: ns) }
            case .sells:
                if row.pointee.kind == .sellTrade { flows[index].push(size, at: ns) }
            case .all:
                flows[index].push(size, at: ns)
            case .both:
                if row.pointee.kind != .sidelessTrade { flows[index].push(size.negated(if: row.pointee.kind != .buyTrade), at: ns) }
            case .prices:
                let price = probe.pointee.scale.pricePart(row.pointee.price)
                prices[index].push(PriceWindow.Entry(price: price, quantity: size), at: ns)
                samples[Int(taker.node)] &+= 1
            }
        }
    }
}
