#!/usr/bin/env python3
"""The performance gate: instructions and runtime calls per event, counted, not timed.

    Benchmarks/gate.py            compares with Benchmarks/gate.json; exit status 1 when something got worse
    Benchmarks/gate.py --update   measures anew and writes Benchmarks/gate.json
    Benchmarks/gate.py --verbose  also names the functions in which each case spends its instructions

Needs a Swift toolchain, valgrind and binutils. `gate-probe` makes a small market from a fixed seed and
does one case after the other under callgrind. Compared are, for each case:

- instructions of our code and of the Swift runtime a row, within 3 % either way (less is no failure, but
  the file then waits for `--update`). What libc and zlib execute is left out: their functions choose
  their code by the processor;
- calls of the runtime a thousand rows: retain, release, allocations, exclusivity checks, witness tables;
- the digest of the answer;
- the machine code of every function with a share of 2 % or more: no calls of those kinds and no
  indirect (existential, closure) calls beyond those that gate.json allows it, and no generic code left
  unspecialised. The loops over rows (`ROW_LOOPS`) are allowed what stands there, whatever gate.json says.

Counts depend on the compiler: with another one than gate.json names they are printed and judged by
nothing but their digests.
"""

import argparse
import collections
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
FIGURES = HERE / "gate.json"
TOLERANCE = 0.03
# Calls a thousand units that may come and go without being a change: what happens once a run.
CALL_SLACK = 0.5
# Share of a case's instructions from which a function counts as hot, and from which one that gate.json does
# not know is judged: others getting faster pushes some just over the first.
HOT_SHARE = 0.02
NEW_SHARE = 0.05

# The loops that every row goes through. Renamed, or merged into another function? Then name that here.
ROW_LOOPS = [
    r"specialization <DenseLevels> of LocalSide\.process\(.*isSingle: Bool\)",
    r"specialization <DenseLevels> of LocalSide\.process\(.*factors:",
    r"specialization <PagedLevels> of LocalSide\.process\(.*isSingle: Bool\)",
    r"PagedLevels\.set\(",
    r"AssetProbe\.bidChanged\(",
    r"AssetProbe\.askChanged\(",
    r"FactorCore\.propagate\(",
    r"TapeLocal\.store\(",
    r"TapeLocal\.storeOnly\(",
    r"ExchangeSide<.*TapeLevels>\.storeRows\(",
    r"ExchangeSide<.*TapeLevels>\.meetNext\(",
    r"TapeExchangeCursor\.countChanges\(",
]

# What they may have all the same, off the path of a row: types looked up once and kept, and the door to a
# clearing. The counted calls above show that no row takes it.
ROW_LOOP_ALLOWANCES = {
    r"specialization <DenseLevels> of LocalSide\.process\(.*factors:": {"generic": 4, "indirect": 1},
    r"TapeLocal\.store\(": {"generic": 1},
    r"TapeLocal\.storeOnly\(": {"generic": 1},
    r"TapeExchangeCursor\.countChanges\(": {"generic": 1},
}

# Names as callgrind and objdump give them, after the leading underscore of wrappers is dropped.
KINDS = {
    "retain": re.compile(r"^swift_(bridgeObject|unknownObject|nonatomic_)?_?[rR]etain(_n)?$"),
    "release": re.compile(r"^swift_(bridgeObject|unknownObject|nonatomic_)?_?[rR]elease(_n)?$"),
    "allocate": re.compile(r"^(swift_allocObject|swift_slowAlloc\w*|swift_allocError|malloc|calloc|realloc|posix_memalign|aligned_alloc)$"),
    "access": re.compile(r"^swift_beginAccess$"),
    "generic": re.compile(
        r"^(swift_getWitnessTable|swift_getAssociated\w+|swift_getGenericMetadata|swift_getTypeByMangledName\w*|"
        r"swift_dynamicCast\w*|swift_conformsToProtocol\w*|\$s\w+TW)$"),
}


def kind_of(name):
    name = name.split("@")[0]
    # The library's functions reach their work by an inner function of the same name; count the outer one.
    return next((kind for kind, pattern in KINDS.items() if pattern.match(name)), None)


def run(command, **options):
    done = subprocess.run(command, capture_output=True, text=True, **options)
    if done.returncode != 0:
        sys.exit(f"gate: {' '.join(map(str, command))} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


def demangled(names):
    """Readable names of mangled ones, in the words of the source, without modules and files."""
    names = sorted(names)
    lines = run(["swift", "demangle", "--compact"], input="\n".join(names) + "\n").splitlines()
    readable = {}
    for name, line in zip(names, lines):
        line = re.sub(r"\b(HBTEngine|HBTMarketData|HBTTypes|Swift)\.", "", line)
        line = re.sub(r"\((\w+) in _[0-9A-F]+\)", r"\1", line)
        readable[name] = line.replace("(extension in HBTEngine):", "").replace("(extension in HBTMarketData):", "")
    return readable


def profile(path):
    """Instructions by (object, function) and calls by callee's name, of a callgrind file."""
    cost, calls = collections.Counter(), collections.Counter()
    names = {}

    def name(kind, text):
        match = re.match(r"\((\d+)\)(?: (.*))?$", text)
        if not match:
            return text
        key = (kind, match.group(1))
        if match.group(2) is not None:
            names[key] = match.group(2)
        return names[key]

    current_object = function = callee = ""
    is_inclusive = False
    with open(path) as lines:
        for line in lines:
            line = line.rstrip("\n")
            if line.startswith("ob="):
                current_object = name("ob", line[3:])
            elif line.startswith("fn="):
                function = name("fn", line[3:])
            elif line.startswith("cob="):
                name("ob", line[4:])
            elif line.startswith("cfn="):
                callee = name("fn", line[4:])
            elif line.startswith("calls="):
                # Recursion and an object's inner helpers show as name'2.
                calls[(current_object, callee.split("'")[0])] += int(line[6:].split()[0])
                is_inclusive = True
            elif line and (line[0].isdigit() or line[0] in "+-*"):
                if is_inclusive:
                    is_inclusive = False
                else:
                    cost[(current_object, function.split("'")[0])] += int(line.split()[1])
    return cost, calls


def machine_code(binary):
    """Calls in each function of ours: {symbol: Counter of kinds}."""
    found, symbol = {}, None
    process = subprocess.Popen(["objdump", "-d", "--no-show-raw-insn", binary], stdout=subprocess.PIPE, text=True)
    for line in process.stdout:
        if line[:1] in "0123456789abcdef" and line.rstrip().endswith(">:"):
            symbol = line[line.index("<") + 1:line.rindex(">")]
            found[symbol] = collections.Counter()
        elif symbol and "\t" in line:
            text = line.split("\t", 1)[1]
            if text.startswith(("call", "bl")):
                if "*" in text or text.startswith("blr"):
                    found[symbol]["indirect"] += 1
                elif "<" in text:
                    kind = kind_of(text[text.index("<") + 1:].rstrip().rstrip(">").split("+")[0])
                    if kind:
                        found[symbol][kind] += 1
    return found


def is_unspecialised(name, all_names):
    """Generic code that takes its types at run time; `name` is demangled."""
    if "specialization" in name or "specialized" in name:
        return False
    # An extension for one type (`A == TapeLevels`) is no generic code.
    name = re.sub(r"<[^<>]*==[^<>]*>", "", name)
    return bool(re.search(r"(?<![\w.])[A-D]1?(?![\w.:])", name)) or any(f" of {name}" in other for other in all_names)


def measure(probe, folder, case):
    out = f"{folder}/{case}.callgrind"
    # A fixed seed of the standard library's hashing, and as little as possible from outside.
    environment = {"PATH": os.environ.get("PATH", ""), "SWIFT_DETERMINISTIC_HASHING": "1", "LC_ALL": "C"}
    if "LD_LIBRARY_PATH" in os.environ:
        environment["LD_LIBRARY_PATH"] = os.environ["LD_LIBRARY_PATH"]
    printed = run(
        ["valgrind", "--tool=callgrind", "--toggle-collect=hbt_gate_measured", f"--callgrind-out-file={out}", probe, case, folder],
        env=environment)
    outcome = json.loads(printed.splitlines()[-1])
    cost, calls = profile(out)
    own = collections.Counter()
    elsewhere = runtime = 0
    for (where, function), count in cost.items():
        if where == probe:
            own[function] += count
        elif "libswift" in where:
            runtime += count
        else:
            elsewhere += count
    units = outcome["units"]
    by_kind = collections.Counter()
    for (caller, callee), count in calls.items():
        kind = kind_of(callee)
        # From our code alone: what the runtime calls within itself is its own affair.
        if kind and (caller == probe or kind == "generic"):
            by_kind[kind] += count
    # Which library inflates is the machine's choice.
    uses = {library for (where, _), count in cost.items() for library in ("libz", "libdeflate") if library in where and count > elsewhere / 100}
    figures = {
        "unit": outcome["unit"],
        **({"uses": sorted(uses)} if uses else {}),
        "instructions": round((sum(own.values()) + runtime) / units, 2),
        "calls_per_1000": {kind: round(by_kind[kind] * 1000 / units, 2) for kind in KINDS},
        "digest": outcome["digest"],
    }
    return figures, own, {"own": sum(own.values()) / units, "runtime": runtime / units, "elsewhere": elsewhere / units}


def row_loops(code, names, all_names):
    """What the loops over rows must not have and do."""
    faults = []
    for pattern in ROW_LOOPS:
        symbols = [symbol for symbol, name in names.items() if re.search(pattern, name) and symbol in code]
        if not symbols:
            faults.append(f"row loop {pattern}: there is no such function; if it has another name now, give it in ROW_LOOPS")
        for symbol in symbols:
            if is_unspecialised(names[symbol], all_names) and len(symbols) == 1:
                faults.append(f"row loop {names[symbol]}: generic code left unspecialised")
            for kind, count in code[symbol].items():
                allowed = ROW_LOOP_ALLOWANCES.get(pattern, {}).get(kind, 0)
                if count > allowed:
                    faults.append(f"row loop {names[symbol]}: {count} {kind} calls in the machine code, {allowed or 'none'} allowed")
    return faults


def judge(figures, hot, hot_shares, committed, is_same_compiler):
    """What is worse than committed, and what is merely different."""
    faults, notes = [], []
    for case, now in figures.items():
        then = committed["cases"].get(case)
        if then is None:
            faults.append(f"{case}: has no committed figures; run --update")
            continue
        if now["digest"] != then["digest"]:
            faults.append(f"{case}: the answer is another one: digest {now['digest']}, committed {then['digest']}")
        if not is_same_compiler:
            continue
        if now.get("uses") != then.get("uses"):
            notes.append(f"{case}: inflated by {now.get('uses')} here, by {then.get('uses')} when it was committed; counts are not judged")
            continue
        ratio = now["instructions"] / then["instructions"] - 1
        text = f"{case}: {now['instructions']} instructions a {now['unit']}, committed {then['instructions']} ({ratio:+.1%})"
        if ratio > TOLERANCE:
            faults.append(text)
        elif ratio < -TOLERANCE:
            notes.append(text + "; faster: commit it with --update")
        for kind, count in now["calls_per_1000"].items():
            before = then["calls_per_1000"].get(kind, 0)
            if count > before * (1 + TOLERANCE) + CALL_SLACK:
                faults.append(f"{case}: {count} calls of {kind} a thousand {now['unit']}s, committed {before}")
    for case in committed["cases"]:
        if case not in figures:
            faults.append(f"{case}: is committed, but gate-probe has no such case; run --update")
    if not is_same_compiler:
        return faults, notes
    for name, now in hot.items():
        allowed = committed["hot"].get(name, {})
        if name not in committed["hot"] and hot_shares[name] < NEW_SHARE:
            continue
        for kind, count in now.items():
            if count > allowed.get(kind, 0):
                what = "generic code left unspecialised" if kind == "unspecialised" else f"{count} {kind} calls in the machine code"
                faults.append(f"hot function {name}: {what}, allowed {allowed.get(kind, 0)}")
    notes += [f"hot function {name}: no longer hot, or renamed" for name in committed["hot"] if name not in hot]
    return faults, notes


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--update", action="store_true", help="write gate.json; say in the commit message why it changes")
    parser.add_argument("--verbose", action="store_true", help="name the functions behind the figures")
    parser.add_argument("--case", action="append", help="this case alone; may be repeated")
    parser.add_argument("--probe", help="gate-probe; built when not given")
    options = parser.parse_args()
    for tool in ("swift", "valgrind", "objdump", "objcopy"):
        if not shutil.which(tool):
            sys.exit(f"gate: there is no {tool}; install {'a Swift toolchain' if tool == 'swift' else 'valgrind' if tool == 'valgrind' else 'binutils'}")
    if options.update and options.case:
        sys.exit("gate: --update measures all cases; leave out --case")
    if not options.probe:
        subprocess.run(["swift", "build", "-c", "release", "--package-path", str(HERE), "--product", "gate-probe"], check=True)
    built = options.probe or str(HERE / ".build/release/gate-probe")
    compiler = re.search(r"\((swift[^ )]*)", run(["swift", "--version"])).group(1) + " " + os.uname().machine

    with tempfile.TemporaryDirectory() as folder:
        # Valgrind cannot read every debugger's table that Swift writes; symbols are all it needs.
        probe = f"{folder}/gate-probe"
        run(["objcopy", "--strip-debug", built, probe])
        data = json.loads(run([probe, "prepare", folder]).splitlines()[-1])["data"]
        figures, shares = {}, collections.Counter()
        parts, owns = {}, {}
        for case in options.case or run([probe, "list"]).split():
            figures[case], own, parts[case] = measure(probe, folder, case)
            owns[case] = own
            total = sum(own.values())
            for symbol, count in own.items():
                shares[symbol] = max(shares[symbol], count / total)
        code = machine_code(probe)
    names = demangled(code.keys())
    all_names = [name for name in names.values() if "specialization" in name]
    hot, hot_shares = {}, collections.Counter()
    for symbol, share in sorted(shares.items()):
        is_ours = symbol.startswith("$s") and symbol in code and "BenchKit" not in names[symbol]
        if share < HOT_SHARE or not is_ours:
            continue
        counts = {kind: count for kind, count in sorted(code[symbol].items()) if count}
        if is_unspecialised(names[symbol], all_names):
            counts["unspecialised"] = 1
        hot_shares[names[symbol]] = max(hot_shares[names[symbol]], share)
        # Two symbols may share a readable name; the worse one counts.
        known = hot.setdefault(names[symbol], {})
        for kind, count in counts.items():
            known[kind] = max(known.get(kind, 0), count)

    committed = json.loads(FIGURES.read_text()) if FIGURES.exists() else {"compiler": None, "cases": {}, "hot": {}}
    print(f"{data}; {compiler}\n")
    print(f"{'case':22} {'unit':6} {'instructions':>12} {'committed':>10} {'':>7}   {'libc, zlib':>10}   calls a thousand")
    for case, now in figures.items():
        then = committed["cases"].get(case, {}).get("instructions")
        change = f"{now['instructions'] / then - 1:+7.1%}" if then else ""
        calls = ", ".join(f"{kind} {count:g}" for kind, count in now["calls_per_1000"].items() if count >= CALL_SLACK)
        print(f"{case:22} {now['unit']:6} {now['instructions']:12.2f} {then or '':>10} {change:>7}   {parts[case]['elsewhere']:10.2f}   {calls}")
        if options.verbose:
            for symbol, count in owns[case].most_common(8):
                print(f"{'':24}{count / sum(owns[case].values()):6.1%}  {names.get(symbol, symbol)[:150]}")
    print(f"\n{len(hot)} hot functions, {sum(1 for counts in hot.values() if not counts)} of them without a call to look at")

    if options.update:
        content = {"compiler": compiler, "input": data, "cases": figures, "hot": dict(sorted(hot.items()))}
        FIGURES.write_text(json.dumps(content, indent=1, sort_keys=False) + "\n")
        print(f"written {FIGURES}; say in the commit message why the figures change")
        return 0
    if options.case:
        # Only a part was measured.
        committed["cases"] = {case: figure for case, figure in committed["cases"].items() if case in options.case}
        committed["hot"] = {name: counts for name, counts in committed["hot"].items() if name in hot}
    is_same_compiler = compiler == committed["compiler"]
    faults, notes = judge(figures, hot, hot_shares, committed, is_same_compiler)
    if is_same_compiler:
        faults += row_loops(code, names, all_names)
    if not is_same_compiler:
        notes.append(f"gate.json was made by {committed['compiler']}; counts are not judged")
    for note in notes:
        print(f"note: {note}")
    for fault in faults:
        print(f"FAIL: {fault}")
    if faults:
        print("\nMake it as fast as it was, or run Benchmarks/gate.py --update and give the reason in the commit message.")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
