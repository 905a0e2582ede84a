import HBTTypes

/// The words of `fills.csv` and `orders.csv`.
extension Side {
    var name: StaticString {
        switch self {
        case .buy: "buy"
        case .sell: "sell"
        case .none: "none"
        case .unsupported: "unsupported"
        }
    }
}

extension OrderType {
    var name: StaticString {
        switch self {
        case .limit: "limit"
        case .market: "market"
        case .unsupported: "unsupported"
        }
    }
}

extension TimeInForce {
    var name: StaticString {
        switch self {
        case .gtc: "gtc"
        case .gtx: "gtx"
        case .fok: "fok"
        case .ioc: "ioc"
        case .unsupported: "unsupported"
        }
    }
}

extension OrderStatus {
    var name: StaticString {
        switch self {
        case .none: "none"
        case .new: "new"
        case .expired: "expired"
        case .filled: "filled"
        case .canceled: "canceled"
        case .partiallyFilled: "partially_filled"
        case .rejected: "rejected"
        case .replaced: "replaced"
        case .unsupported: "unsupported"
        }
    }
}

extension OrderRecord.Kind {
    var name: StaticString {
        switch self {
        case .submit: "submit"
        case .cancel: "cancel"
        case .modify: "modify"
        case .response: "response"
        }
    }
}
