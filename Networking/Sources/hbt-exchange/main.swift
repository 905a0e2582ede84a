import ArgumentParser
import Foundation
import HBTExchangeServer

// A client that goes away is no reason to die.
signal(SIGPIPE, SIG_IGN)
ExchangeCommand.main()
