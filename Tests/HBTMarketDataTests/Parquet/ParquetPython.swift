import Foundation

/// A Python with pyarrow, pandas and polars, as far as there is one: the judges of our files and makers of others'.
enum ParquetPython {
    /// `HBT_TEST_PYTHON`, or the first `python3` of the path.
    static let command = ProcessInfo.processInfo.environment["HBT_TEST_PYTHON"] ?? "python3"

    static let isPresent: Bool = {
        let present = (try? run("import pyarrow.parquet", []))?.status == 0
        if !present { print("skipped: tests against pyarrow, because \(command) does not import it; HBT_TEST_PYTHON names another") }
        return present
    }()

    static func run(_ script: String, _ arguments: [String]) throws -> (status: Int32, output: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [command, "-c", script] + arguments
        var environment = ProcessInfo.processInfo.environment
        environment["POLARS_SKIP_CPU_CHECK"] = "1"
        process.environment = environment
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus, output)
    }

    /// The same table as `expectedValue`, by the same formulas.
    private static let table = #"""
        import datetime, importlib.util, math, sys
        import pyarrow as pa, pyarrow.parquet as pq
        folder, rows = sys.argv[1], 1000
        has = lambda name: importlib.util.find_spec(name) is not None

        def double(i):
            return {3: math.nan, 4: math.inf, 5: -math.inf, 6: -0.0}.get(i % 11, i / 7)

        formulas = {
            "i64": (pa.int64(), lambda i: i * i * 7919 - 500),
            "i32": (pa.int32(), lambda i: i % 17 - 8),
            "i8": (pa.int8(), lambda i: i % 256 - 128),
            "u8": (pa.uint8(), lambda i: i % 256),
            "u32": (pa.uint32(), lambda i: 4294967295 - i),
            "u64": (pa.uint64(), lambda i: 9223372036854775807 - i),
            "f64": (pa.float64(), double),
            "f32": (pa.float32(), lambda i: i / 4),
            "s": (pa.string(), lambda i: f"s{i % 13} é" * (i % 3)),
            "long": (pa.string(), lambda i: f"a text that is different in row {i}"),
            "b": (pa.bool_(), lambda i: i % 3 == 0),
            "ns": (pa.timestamp("ns", "UTC"), lambda i: 1721347200000000000 + i * 1000003),
            "us": (pa.timestamp("us", "UTC"), lambda i: 1721347200000000 + i * 1003),
            "ms": (pa.timestamp("ms"), lambda i: 1721347200000 + i * 13),
            "days": (pa.date32(), lambda i: 19000 + i),
        }
        columns = {name: [formula(i) for i in range(rows)] for name, (_, formula) in formulas.items()}
        types = {name: kind for name, (kind, _) in formulas.items()}
        for name in list(columns):
            columns["o" + name] = [None if i % 5 == 2 or i // 100 == 4 else value for i, value in enumerate(columns[name])]
            types["o" + name] = types[name]
        nullable = lambda name: name.startswith("o")
        schema = pa.schema([pa.field(name, types[name], nullable(name)) for name in columns])
        table = pa.table([pa.array(columns[name], types[name]) for name in columns], schema=schema)
        """#

    static let make = table + #"""

        for compression in ["none", "snappy", "gzip", "zstd"]:
            for page in ["1.0", "2.0"]:
                for dictionary in [True, False]:
                    pq.write_table(table, f"{folder}/arrow-{compression}-{page}-{dictionary}.parquet", compression=compression,
                                   data_page_version=page, use_dictionary=dictionary, row_group_size=300, data_page_size=512)
        delta = {n: "DELTA_BINARY_PACKED" if t not in (pa.float32(), pa.float64(), pa.string(), pa.bool_()) else
                    "BYTE_STREAM_SPLIT" if t in (pa.float32(), pa.float64()) else "PLAIN" if t == pa.bool_() else
                    "DELTA_BYTE_ARRAY" if n.endswith("long") else "DELTA_LENGTH_BYTE_ARRAY" for n, t in types.items()}
        for page in ["1.0", "2.0"]:
            pq.write_table(table, f"{folder}/arrow-delta-{page}.parquet", use_dictionary=False, column_encoding=delta,
                           data_page_version=page, write_page_checksum=True, row_group_size=700)
        split = {n: "BYTE_STREAM_SPLIT" for n, t in types.items() if t in (pa.int32(), pa.int64())}
        pq.write_table(table, f"{folder}/arrow-split.parquet", use_dictionary=False, column_encoding=split)
        pq.write_table(table.cast(pa.schema([f.with_nullable(True) for f in schema])), f"{folder}/arrow-defaults.parquet")
        pq.write_table(table.drop_columns(["ns", "ons"]), f"{folder}/arrow-old.parquet", version="1.0", write_page_index=True)
        if has("pandas"):
            for compression in ["snappy", "gzip", "zstd", None]:
                frame = table.to_pandas()
                keep = [n for n in columns if not nullable(n) or n in ("os", "olong", "ons", "ob")]
                frame[keep].to_parquet(f"{folder}/pandas-{compression}.parquet", compression=compression)
        if has("polars"):
            import polars
            frame = polars.from_arrow(table)
            for compression in ["zstd", "snappy", "gzip", "uncompressed"]:
                frame.write_parquet(f"{folder}/polars-{compression}.parquet", compression=compression, row_group_size=400)
            frame.write_parquet(f"{folder}/polars-defaults.parquet")
        other = folder + "/other"
        import os
        os.mkdir(other)
        nested = pa.table({"x": [1.0, 2.0], "list": [[1], [2, 3]], "struct": [{"a": 1, "b": {"c": 2}}] * 2, "y": [3.0, 4.0],
                           "decimal": pa.array([1, 2], pa.decimal128(9, 2))})
        pq.write_table(nested, other + "/nested.parquet")
        pq.write_table(table, other + "/lz4.parquet", compression="lz4")
        """#

    /// Compares every file of ours in the folder with the formulas, through each library that is there.
    static let judge = table + #"""

        import glob, struct
        def same(a, b, what):
            assert len(a) == len(b), (what, len(a), len(b))
            for i, (x, y) in enumerate(zip(a, b)):
                if isinstance(x, float) and isinstance(y, float):
                    assert struct.pack("d", x) == struct.pack("d", y) or math.isnan(x) and math.isnan(y), (what, i, x, y)
                else:
                    assert x == y and type(x) == type(y), (what, i, x, y)
        paths = sorted(glob.glob(folder + "/ours*.parquet"))
        for path in paths:
            file = pq.ParquetFile(path, page_checksum_verification=True)
            found = file.read()
            found.validate(full=True)
            for field in found.schema:
                n = field.name
                assert field.type == types[n], (n, field.type)
                assert field.nullable == nullable(n), n
                raw = found[n].cast(pa.int64()) if pa.types.is_timestamp(field.type) else found[n]
                same(raw.to_pylist(), columns[n], (path, n))
            first = 0
            for g in range(file.num_row_groups):
                group = file.metadata.row_group(g)
                for c in range(group.num_columns):
                    chunk = group.column(c)
                    n, s = chunk.path_in_schema, chunk.statistics
                    values = columns[n][first:first + group.num_rows]
                    assert s.null_count == values.count(None), n
                    compared = [v for v in values if v is not None and v == v]
                    assert s.has_min_max == bool(compared), n
                    if compared and not pa.types.is_timestamp(types[n]):
                        assert (s.min, s.max) == (min(compared), max(compared)), (n, s.min, s.max)
                first += group.num_rows
            names = found.column_names
            if has("pandas"):
                import pandas
                frame = pandas.read_parquet(path, engine="pyarrow")
                assert list(frame.columns) == names and len(frame) == rows
                for n in names:
                    if n in ("f64", "s", "b", "i64"): same(frame[n].tolist(), columns[n], ("pandas", path, n))
                assert str(frame["ns"].dtype) == "datetime64[ns, UTC]"
                assert frame["ns"].astype("int64").tolist() == columns["ns"]
            if has("polars"):
                import polars
                for frame in [polars.read_parquet(path), polars.scan_parquet(path).collect()]:
                    for n in names:
                        series = frame[n]
                        if series.dtype.is_temporal(): series = series.cast(polars.Int64)
                        same(series.to_list(), columns[n], ("polars", path, n))
                some = polars.scan_parquet(path).filter(polars.col("i64") > 7919 * 400 * 400).collect()
                assert some["i64"].to_list() == [v for v in columns["i64"] if v > 7919 * 400 * 400]
        print(len(paths), "judged")
        """#

    /// The value of `column` in `row`, by the formulas of the script.
    static func expectedValue(_ column: String, _ row: Int) -> String {
        let isOptional = column.hasPrefix("o")
        if isOptional, row % 5 == 2 || row / 100 == 4 { return "null" }
        let i = Int64(row)
        switch isOptional ? String(column.dropFirst()) : column {
        case "i64": return "\(i * i * 7919 - 500)"
        case "i32": return "\(i % 17 - 8)"
        case "i8": return "\(i % 256 - 128)"
        case "u8": return "\(i % 256)"
        case "u32": return "\(4_294_967_295 - i)"
        case "u64": return "\(9_223_372_036_854_775_807 - i)"
        case "f64": return "\(double(row).isNaN ? "nan" : "\(double(row).bitPattern)")"
        case "f32": return "\((Double(row) / 4).bitPattern)"
        case "s": return String(repeating: "s\(row % 13) é", count: row % 3)
        case "long": return "a text that is different in row \(row)"
        case "b": return "\(row % 3 == 0)"
        case "ns": return "\(1_721_347_200_000_000_000 + i * 1_000_003)"
        case "us": return "\(1_721_347_200_000_000 + i * 1003)"
        case "ms": return "\(1_721_347_200_000 + i * 13)"
        case "days": return "\(19_000 + i)"
        default: return "no such column"
        }
    }

    static func double(_ row: Int) -> Double {
        switch row % 11 {
        case 3: .nan
        case 4: .infinity
        case 5: -.infinity
        case 6: -0.0
        default: Double(row) / 7
        }
    }
}
