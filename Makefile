# make backtest   builds hbt, runs the example strategy on the sample data, names its report
# make test       runs all tests
# make exchange   builds the paper exchange (sockets and TLS; longer than all the rest) and puts it beside hbt
#
# Both need a Swift toolchain (6.2 or newer) and set up everything else themselves, on Debian and its kin.

SWIFT ?= swift
STRATEGY ?= strategies/obi-market-making.toml

.PHONY: backtest test build exchange setup

backtest: build
	.build/release/hbt backtest $(STRATEGY) --force

build: setup
	$(SWIFT) build -c release --product hbt

exchange: build
	$(SWIFT) build -c release --package-path Networking --product hbt-exchange
	cp Networking/.build/release/hbt-exchange .build/release/hbt-exchange

test: setup
	$(SWIFT) test

# The headers of zlib and zstd are all that the build needs beyond the toolchain; git fetches the packages.
setup:
	@command -v $(SWIFT) >/dev/null || { echo "make: there is no $(SWIFT); install a Swift toolchain (6.2 or newer)" >&2; exit 2; }
	@missing=""; \
	command -v git >/dev/null || missing="$$missing git"; \
	[ -e /usr/include/zlib.h ] || [ "$$(uname)" != Linux ] || missing="$$missing zlib1g-dev"; \
	[ -e /usr/include/zstd.h ] || [ "$$(uname)" != Linux ] || missing="$$missing libzstd-dev"; \
	[ -n "$$missing" ] || exit 0; \
	command -v apt-get >/dev/null || { echo "make: please install:$$missing" >&2; exit 2; }; \
	sudo=""; [ "$$(id -u)" = 0 ] || sudo=sudo; \
	$$sudo apt-get update -q && \
	$$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $$missing
