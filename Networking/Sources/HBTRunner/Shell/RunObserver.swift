import HBTLive
import HBTObserve
import NIOCore

/// The page of a run: what it shows comes from the run's own loop once a second.
final class RunObserver: Sendable {
    private let server: ObserveServer

    /// - Throws: when nothing can listen at the port, or the token cannot be written.
    init(port: Int, shell: LiveShell) throws {
        let box = StatusBox(), token = ObserveServer.makeToken()
        let path = "\(shell.session.folder)/\(Self.tokenFile)"
        try SecretFile.write(token + "\n", to: path)
        let loop = shell.client.loop
        do {
            server = try ObserveServer.start(port: port, token: token, snapshotProvider: { box.newest }) { reason in
                loop.execute { shell.stop(reason, status: RunStatus.stopped) }
            }
        } catch {
            throw LiveRunner.Fault(description: "--observe \(port): nothing can listen there (\(error)); choose another port, or 0")
        }
        loop.execute { shell.statusBox = box }
        shell.log.notice("observed", metadata: ["page": "http://127.0.0.1:\(server.port)", "token": "\(path)"])
    }

    static let tokenFile = "observe.token"

    func stop() { server.stop() }
}

extension LiveShell {
    func publishStatus() {
        guard let statusBox else { return }
        var status = engine.status(name: session.plan.name, mode: isPaper ? "paper" : "live", startedNs: session.startNs)
        status.openConnections = market.count(where: \.isOpen)
        status.orderRoundTrip = engine.loop.roundTrips
        status.tickToOrder = tickToOrder
        statusBox.publish(status)
    }
}
