import HBTSockets
import NIOCore

/// A call of a stepped session, which waits until its driver sends it. Confined to the client's loop.
struct SteppedCall {
    /// Whose latency it has.
    let asset: Int
    /// It places, cancels or amends.
    let isOrder: Bool
    let send: () -> EventLoopFuture<HTTPReply>
    /// What its answer does.
    let finish: (Result<HTTPReply, any Error>) -> Void

    init(
        asset: Int, isOrder: Bool, send: @escaping () -> EventLoopFuture<HTTPReply>, finish: @escaping (Result<HTTPReply, any Error>) -> Void
    ) {
        self.asset = asset
        self.isOrder = isOrder
        self.send = send
        self.finish = finish
    }
}
