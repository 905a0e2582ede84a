/// The page's style sheet. Colours are variables, so that the canvases can read them too.
enum PageStyle {
    static let css = #"""
        :root { --bg: #f6f7f9; --panel: #ffffff; --line: #e2e6eb; --ink: #16202b; --dim: #667383; --grid: #edf0f3;
          --up: #0b8457; --down: #c8372d; --price: #53657a; --equity: #1f5fd6; --gross: #d68a1f; --position: #7a4fd0;
          --buy: #0b8457; --sell: #d0342c; --takerbuy: #0077b6; --takersell: #b5179e; --cross: #8a97a6; --accent: #1f5fd6; }
        @media (prefers-color-scheme: dark) { :root:not([data-theme=light]) { --bg: #0e1217; --panel: #151b22; --line: #27303a;
          --ink: #dfe6ee; --dim: #8b98a7; --grid: #1e262f; --up: #35c58b; --down: #ff6b5e; --price: #90a2b8; --equity: #6aa5ff;
          --gross: #f0b04f; --position: #b094ff; --buy: #35c58b; --sell: #ff6b5e; --takerbuy: #4cc9f0; --takersell: #f472d0;
          --cross: #5d6a78; --accent: #6aa5ff; } }
        :root[data-theme=dark] { --bg: #0e1217; --panel: #151b22; --line: #27303a;
          --ink: #dfe6ee; --dim: #8b98a7; --grid: #1e262f; --up: #35c58b; --down: #ff6b5e; --price: #90a2b8; --equity: #6aa5ff;
          --gross: #f0b04f; --position: #b094ff; --buy: #35c58b; --sell: #ff6b5e; --takerbuy: #4cc9f0; --takersell: #f472d0;
          --cross: #5d6a78; --accent: #6aa5ff; color-scheme: dark; }
        :root[data-theme=light] { color-scheme: light; }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--bg); color: var(--ink);
          font: 14px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", sans-serif;
          font-variant-numeric: tabular-nums; }
        header, main { max-width: 1320px; margin: 0 auto; padding: 0 24px; }
        header { padding-top: 26px; }
        .head { display: flex; justify-content: space-between; align-items: center; gap: 16px; }
        h1 { font-size: 26px; line-height: 1.2; margin: 0; letter-spacing: -.015em; overflow-wrap: anywhere; }
        h2 { font-size: 17px; margin: 0 0 10px; } h3 { font-size: 14px; margin: 0 0 8px; }
        h2.symbol { margin: 18px 0 0; } .js h2.symbol { display: none; }
        .dim, h3 .dim { color: var(--dim); font-weight: 400; }
        code, pre { font: 12.5px/1.55 ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; }
        .skip { position: absolute; left: -999px; } .skip:focus { left: 8px; top: 8px; background: var(--panel); padding: 6px; }
        button { font: inherit; color: inherit; background: var(--panel); border: 1px solid var(--line); border-radius: 7px;
          padding: 4px 11px; cursor: pointer; } button:hover:enabled { border-color: var(--dim); }
        button:disabled { opacity: .4; cursor: default; } :focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
        .facts { display: flex; flex-wrap: wrap; gap: 6px 34px; margin: 14px 0 16px; }
        .facts div { min-width: 0; } .facts dt { font-size: 12px; color: var(--dim); }
        .facts dd { margin: 0; font-weight: 550; overflow-wrap: anywhere; } .facts .dim { font-weight: 400; }
        .tabs { display: none; gap: 6px; flex-wrap: wrap; margin: 2px 0 14px; } .js .tabs { display: flex; }
        .tabs [aria-selected=true] { background: var(--accent); border-color: var(--accent); color: var(--panel); }
        .js .asset[hidden] { display: none; }
        .cards { display: grid; grid-template-columns: repeat(5, minmax(0, 1fr)); gap: 10px; margin-bottom: 14px; }
        .card, .panel { background: var(--panel); border: 1px solid var(--line); border-radius: 11px; }
        .card { padding: 11px 14px 10px; } .card .label { color: var(--dim); font-size: 12.5px; }
        .card .value { font-size: 21px; font-weight: 620; letter-spacing: -.01em; line-height: 1.35; overflow-wrap: anywhere; }
        .card .unit { color: var(--dim); font-size: 11.5px; min-height: 1.5em; }
        .up { color: var(--up); } .down { color: var(--down); }
        .panel { padding: 15px 18px; margin-bottom: 14px; min-width: 0; }
        .grid { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 0 14px; align-items: start; }
        .grid .wide { grid-column: 1 / -1; } .grid > .panel { height: calc(100% - 14px); } .grid > .panel:last-child:nth-child(even) { grid-column: 1 / -1; }
        .split { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 20px; }
        .charts { position: relative; } .charts:focus-visible { outline-offset: 1px; }
        .bar { display: flex; align-items: center; gap: 14px; margin-bottom: 4px; } .bar h3 { margin: 0; }
        .help { color: var(--dim); font-size: 12px; flex: 1; text-align: right; }
        figure { margin: 0; } figcaption { display: flex; flex-wrap: wrap; align-items: center; gap: 3px 4px; font-size: 12.5px; margin-top: 9px; }
        figcaption .name { font-weight: 600; margin-right: 8px; }
        canvas { display: block; width: 100%; cursor: crosshair; touch-action: pan-y; }
        canvas[data-panel=price] { height: 320px; } canvas[data-panel=equity] { height: 240px; }
        canvas[data-panel=drawdown] { height: 110px; } canvas[data-panel=position] { height: 150px; }
        .key { border: 0; background: none; padding: 1px 7px; font-size: 12px; color: var(--dim); display: inline-flex; align-items: center; gap: 6px; }
        .key i { width: 14px; height: 3px; border-radius: 2px; background: currentColor; display: inline-block; }
        .key[aria-pressed=false] { opacity: .45; text-decoration: line-through; }
        .k-price i, .k-ghost i { background: var(--price); } .k-ghost i { opacity: .5; }
        .k-equity i { background: var(--equity); } .k-gross i { background: var(--gross); }
        [class*=k-fill] i { width: 0; height: 0; background: none; border-radius: 0; border: 5px solid transparent; }
        .k-fill0 i { border-bottom: 8px solid var(--buy); border-top: 0; } .k-fill1 i { border-top: 8px solid var(--sell); border-bottom: 0; }
        .k-fill2 i, .k-fill3 i { border: 0; width: auto; height: auto; font-style: normal; line-height: 1; }
        .k-fill2 i { color: var(--takerbuy); } .k-fill2 i::before { content: "△"; } .k-fill3 i { color: var(--takersell); } .k-fill3 i::before { content: "▽"; }
        .tip { position: absolute; z-index: 3; pointer-events: none; background: var(--panel); border: 1px solid var(--line); border-radius: 8px;
          box-shadow: 0 5px 18px rgb(0 0 0 / .18); padding: 7px 10px; font-size: 12px; line-height: 1.5; white-space: nowrap; }
        .tip b { font-weight: 600; } .tip td { border: 0; padding: 0 0 0 12px; text-align: right; }
        .tip th { border: 0; padding: 0; font-weight: 400; color: var(--dim); }
        .tip .fill { border-top: 1px solid var(--line); margin-top: 4px; padding-top: 4px; }
        .note, .empty { color: var(--dim); font-size: 12.5px; margin: 8px 0 0; } .note strong { color: var(--ink); }
        .scroll { overflow-x: auto; } table { border-collapse: collapse; font-size: 13px; width: 100%; margin-bottom: 8px; }
        caption { text-align: left; color: var(--dim); font-size: 12.5px; padding: 2px 0 4px; }
        th, td { padding: 4px 10px 4px 0; text-align: right; border-bottom: 1px solid var(--grid); white-space: nowrap; font-weight: 400; }
        thead th { color: var(--dim); font-size: 12px; border-color: var(--line); } th:first-child { text-align: left; }
        table.metrics { max-width: 620px; }
        table.metrics td:last-child, table.metrics thead th:last-child { text-align: left; color: var(--dim); padding-left: 8px; }
        svg { display: block; width: 100%; height: auto; } svg .tick { fill: var(--dim); font-size: 11.5px; }
        svg .gridline { stroke: var(--grid); } svg .axis { stroke: var(--cross); }
        .bar-plain { fill: var(--equity); } .bar-long { fill: var(--buy); } .bar-short { fill: var(--sell); } .bar-flat { fill: var(--price); }
        svg rect:hover { opacity: .7; }
        .curve-with, .curve-without { fill: none; stroke-width: 2.2; stroke-linejoin: round; }
        .curve-with { stroke: var(--equity); } .curve-without { stroke: var(--gross); }
        .dot-with, .key-with { fill: var(--equity); } .dot-without, .key-without { fill: var(--gross); } .key-with, .key-without { font-size: 12px; }
        .figures { display: flex; flex-wrap: wrap; gap: 2px 18px; margin: 6px 0 0; font-size: 12.5px; }
        .figures b { color: var(--dim); font-weight: 400; margin-right: 3px; }
        details summary { cursor: pointer; color: var(--dim); font-size: 13px; padding: 3px 0; }
        pre { overflow-x: auto; background: var(--bg); border: 1px solid var(--line); border-radius: 8px;
          padding: 12px 14px; margin: 8px 0 0; max-height: 520px; }
        .limits { margin: 0; padding-left: 18px; max-width: 96ch; } .limits li { margin-bottom: 4px; }
        @media (max-width: 900px) { .cards { grid-template-columns: repeat(2, minmax(0, 1fr)); } .grid, .split { grid-template-columns: minmax(0, 1fr); }
          .help { display: none; } .bar { justify-content: space-between; } header, main { padding-left: 12px; padding-right: 12px; } }
        @media print { button, .help, .tabs { display: none !important; } body { background: #fff; } .panel, .card { break-inside: avoid; } }

        """#
}
