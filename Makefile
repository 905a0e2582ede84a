# make backtest   builds hbt, runs the example strategy on the sample data, names its report
# make test       runs all tests but those of what opens sockets
# make test-live  runs those: clients and exchange over loopback
# make bench      builds and runs the benchmark suite; results in Benchmarks/results.json
# make gate       compares instruction counts and hot loops with Benchmarks/gate.json
# make exchange   builds the paper exchange (sockets and TLS; longer than all the rest) and puts it beside hbt
# make live       builds what opens sockets (hbt run, hbt exchange, hbt collect) and puts it beside hbt; make run is the same
#
# All need a Swift toolchain (6.2 or newer) and set up everything else themselves, on Debian and its kin.

SWIFT ?= swift
STRATEGY ?= strategies/obi-market-making.toml

.PHONY: backtest test test-live bench gate build exchange collect live run setup gate-setup live-setup

backtest: build
	.build/release/hbt backtest $(STRATEGY) --force

build: setup
	$(SWIFT) build -c release --product hbt

exchange: build
	$(SWIFT) build -c release --package-path Networking --product hbt-exchange
	cp Networking/.build/release/hbt-exchange .build/release/hbt-exchange

collect: build
	$(SWIFT) build -c release --package-path Networking --product hbt-collect
	cp Networking/.build/release/hbt-collect .build/release/hbt-collect

live run: build
	$(SWIFT) build -c release --package-path Networking --product hbt-exchange
	$(SWIFT) build -c release --package-path Networking --product hbt-run
	$(SWIFT) build -c release --package-path Networking --product hbt-collect
	cp Networking/.build/release/hbt-exchange Networking/.build/release/hbt-run Networking/.build/release/hbt-collect .build/release/

test: setup
	$(SWIFT) test

test-live: setup live-setup
	$(SWIFT) test --package-path Networking $(TRAITS)

# ARGUMENTS="group=engine rounds=9" and the like reach the suite.
bench: setup
	$(SWIFT) build -c release --package-path Benchmarks
	Benchmarks/.build/release/hbt-bench json=Benchmarks/results.json $(ARGUMENTS)

gate: setup gate-setup
	python3 Benchmarks/test_gate.py
	python3 Benchmarks/gate.py

# Shared memory and ZeroMQ are tested where they can be installed.
TRAITS = $$(ls /usr/include/zmq.h /usr/include/iceoryx/v2.0.3/iceoryx_binding_c/api.h /usr/bin/iox-roudi >/dev/null 2>&1 && echo --traits ZeroMQ,Iceoryx)

live-setup:
	@missing=""; \
	[ -e /usr/include/zmq.h ] || missing="$$missing libzmq3-dev"; \
	ls /usr/include/iceoryx/v2.0.3/iceoryx_binding_c/api.h >/dev/null 2>&1 || missing="$$missing libiceoryx-binding-c-dev"; \
	[ -e /usr/bin/iox-roudi ] || missing="$$missing iceoryx"; \
	[ -n "$$missing" ] || exit 0; \
	command -v apt-get >/dev/null || { echo "make: without$$missing: channels to other processes are not tested"; exit 0; }; \
	sudo=""; [ "$$(id -u)" = 0 ] || sudo=sudo; \
	$$sudo apt-get update -q && $$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $$missing \
		|| echo "make: without$$missing: channels to other processes are not tested"

gate-setup:
	@missing=""; \
	command -v valgrind >/dev/null || missing="$$missing valgrind"; \
	command -v objdump >/dev/null || missing="$$missing binutils"; \
	command -v python3 >/dev/null || missing="$$missing python3"; \
	[ "$$(uname)" != Linux ] || ls /usr/lib/*/libdeflate.so* /lib/*/libdeflate.so* >/dev/null 2>&1 || missing="$$missing libdeflate0"; \
	[ -n "$$missing" ] || exit 0; \
	command -v apt-get >/dev/null || { echo "make: please install:$$missing" >&2; exit 2; }; \
	sudo=""; [ "$$(id -u)" = 0 ] || sudo=sudo; \
	$$sudo apt-get update -q && \
	$$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $$missing

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
