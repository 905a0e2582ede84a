import NIOCore
import NIOHTTP1

/// One request and its answer at a time over one connection.
final class HTTPExchangeHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    private struct Current {
        var promise: EventLoopPromise<HTTPReply>
        var done: (_ isReusable: Bool) -> Void
        var timer: Scheduled<Void>
        var head: HTTPResponseHead?
        var body = ByteBuffer()
    }
    private let mostBodyBytes: Int
    private let nowNs: @Sendable () -> Int64
    private var context: ChannelHandlerContext?
    private var current: Current?

    init(mostBodyBytes: Int, nowNs: @escaping @Sendable () -> Int64) {
        self.mostBodyBytes = mostBodyBytes
        self.nowNs = nowNs
    }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }
    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    /// - Parameter done: called once, before the promise is kept: the connection may be used again, or not.
    func begin(_ call: HTTPCall, _ promise: EventLoopPromise<HTTPReply>, timeoutSeconds: Double, done: @escaping (_ isReusable: Bool) -> Void) {
        guard let context, current == nil, context.channel.isActive else {
            done(false)
            return promise.fail(SocketFault.broken("the connection closed before the request was sent"))
        }
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        let timer = context.eventLoop.scheduleTask(in: .nanoseconds(Int64(timeoutSeconds * 1e9))) {
            bound.value.fail(.timedOut(seconds: timeoutSeconds))
        }
        current = Current(promise: promise, done: done, timer: timer)
        var headers = HTTPHeaders(call.headers.map { ($0.name, $0.value) })
        headers.replaceOrAdd(name: "Host", value: call.url.hostHeader)
        if !call.body.isEmpty || call.method != "GET" { headers.replaceOrAdd(name: "Content-Length", value: String(call.body.count)) }
        if !headers.contains(name: "User-Agent") { headers.add(name: "User-Agent", value: "hbt") }
        let path = call.url.path.isEmpty ? "/" : call.url.path
        let head = HTTPRequestHead(version: .http1_1, method: HTTPMethod(rawValue: call.method), uri: path, headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        if !call.body.isEmpty { context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: call.body)))), promise: nil) }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            // 100 Continue and its like come before the answer.
            if head.status.code >= 200 { current?.head = head }
        case .body(var part):
            guard let length = current?.body.readableBytes else { return context.close(promise: nil) }
            guard length + part.readableBytes <= mostBodyBytes else { return fail(.tooLong(limit: mostBodyBytes)) }
            current?.body.writeBuffer(&part)
        case .end:
            guard let now = current, let head = now.head else { return }
            current = nil
            now.timer.cancel()
            now.done(head.isKeepAlive && context.channel.isActive)
            now.promise.succeed(HTTPReply(
                status: Int(head.status.code), headers: head.headers.map { ($0.name.lowercased(), $0.value) }, body: now.body, receivedNs: nowNs()))
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        fail(.broken("it was closed before the answer was complete"))
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { fail(SocketFault.using(error)) }

    private func fail(_ fault: SocketFault) {
        if let now = current {
            current = nil
            now.timer.cancel()
            now.done(false)
            now.promise.fail(fault)
        }
        context?.close(promise: nil)
    }
}
