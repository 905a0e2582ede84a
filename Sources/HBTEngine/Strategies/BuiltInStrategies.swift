/// The strategies that come with the engine.
public enum BuiltInStrategies {
    public static var all: [any Strategy.Type] { [ObiMarketMaking.self, GridMarketMaking.self, GlftMarketMaking.self] }
}
