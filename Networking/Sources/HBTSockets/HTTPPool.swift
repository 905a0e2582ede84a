import NIOCore
import NIOHTTP1

/// Connections for requests, kept for the next ones. Confined to one event loop.
final class HTTPPool: @unchecked Sendable {
    private struct Key: Hashable {
        var isSecure: Bool
        var host: String
        var port: Int
    }
    private struct Waiting {
        var call: HTTPCall
        var promise: EventLoopPromise<HTTPReply>
    }
    private struct Server {
        var idle: [any Channel] = []
        var underway = 0
        var waiting: [Waiting] = []
        var waitingHead = 0
    }
    private let loop: any EventLoop
    private let limits: SocketClient.Limits
    private var servers: [Key: Server] = [:]
    private var isClosed = false

    init(loop: any EventLoop, limits: SocketClient.Limits) {
        self.loop = loop
        self.limits = limits
    }

    func send(_ call: HTTPCall, client: SocketClient) -> EventLoopFuture<HTTPReply> {
        loop.preconditionInEventLoop()
        guard !isClosed else { return loop.makeFailedFuture(SocketFault.cannotConnect("the client is shut down")) }
        let key = Key(isSecure: call.url.isSecure, host: call.url.host, port: call.url.port)
        let promise = loop.makePromise(of: HTTPReply.self)
        if servers[key, default: Server()].underway >= limits.mostConnections {
            servers[key]?.waiting.append(Waiting(call: call, promise: promise))
        } else {
            begin(call, promise, key, client)
        }
        return promise.futureResult
    }

    func closeAll() {
        isClosed = true
        for server in servers.values {
            for channel in server.idle { channel.close(promise: nil) }
            for waiting in server.waiting[server.waitingHead...] { waiting.promise.fail(SocketFault.cannotConnect("the client is shut down")) }
        }
        servers = [:]
    }

    private func begin(_ call: HTTPCall, _ promise: EventLoopPromise<HTTPReply>, _ key: Key, _ client: SocketClient) {
        servers[key, default: Server()].underway += 1
        promise.futureResult.whenComplete { _ in self.ended(key, client) }
        var used: (any Channel)?
        while let idle = servers[key]?.idle.popLast() {
            if idle.isActive {
                used = idle
                break
            }
        }
        if let used { return exchange(call, promise, on: used, key) }
        let nowNs = client.nowNs, most = limits.mostBodyBytes
        client.connect(call.url) { channel in
            try channel.pipeline.syncOperations.addHTTPClientHandlers()
            try channel.pipeline.syncOperations.addHandler(HTTPExchangeHandler(mostBodyBytes: most, nowNs: nowNs))
        }.whenComplete { result in
            switch result {
            case .success(let channel): self.exchange(call, promise, on: channel, key)
            case .failure(let error): promise.fail(error)
            }
        }
    }

    private func exchange(_ call: HTTPCall, _ promise: EventLoopPromise<HTTPReply>, on channel: any Channel, _ key: Key) {
        do {
            let handler = try channel.pipeline.syncOperations.handler(type: HTTPExchangeHandler.self)
            let seconds = call.timeoutSeconds ?? limits.requestSeconds
            handler.begin(call, promise, timeoutSeconds: seconds) { [self] isReusable in
                guard isReusable, !isClosed, let kept = servers[key]?.idle.count, kept < limits.idleConnections else { return channel.close(promise: nil) }
                servers[key]?.idle.append(channel)
            }
        } catch {
            channel.close(promise: nil)
            promise.fail(SocketFault.broken("the connection closed before the request was sent"))
        }
    }

    private func ended(_ key: Key, _ client: SocketClient) {
        guard var server = servers[key] else { return }
        server.underway -= 1
        guard server.waitingHead < server.waiting.count else {
            servers[key] = server
            return
        }
        let next = server.waiting[server.waitingHead]
        server.waitingHead += 1
        if server.waitingHead == server.waiting.count { (server.waiting, server.waitingHead) = ([], 0) }
        servers[key] = server
        begin(next.call, next.promise, key, client)
    }
}
