/// The page's script: time charts on canvases, tabs, theme. No libraries, no requests, no clock.
///
/// It says on the root element how it went (`data-ready`, or `data-error` with the first error), which
/// is what the browser test reads.
enum PageScript {
    static let source = #"""
        "use strict";
        (() => {
        const root = document.documentElement;
        window.addEventListener("error", e => { if (!root.dataset.error) root.dataset.error = e.message; });
        const DAY = 86400e6, pad = (n, w) => String(n).padStart(w, "0");
        // Microseconds since the epoch as UTC text, as fine as `step` needs.
        function clock(us, step) {
          const d = new Date(Math.floor(us / 1000)), f = pad(((us % 1e6) + 1e6) % 1e6, 6);
          let s = pad(d.getUTCHours(), 2) + ":" + pad(d.getUTCMinutes(), 2);
          if (step < 60e6) s += ":" + pad(d.getUTCSeconds(), 2);
          if (step < 1e6) s += "." + f.slice(0, step < 1000 ? 6 : 3);
          return s;
        }
        const date = us => new Date(Math.floor(us / 1000)).toISOString().slice(0, 10);
        const STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5, 2e5, 5e5, 1e6, 2e6, 5e6, 1e7, 15e6, 3e7,
          6e7, 12e7, 3e8, 6e8, 9e8, 18e8, 36e8, 72e8, 108e8, 216e8, 432e8, DAY, 2 * DAY, 7 * DAY, 14 * DAY, 30 * DAY, 91 * DAY, 365 * DAY];
        const timeStep = (span, most) => STEPS.find(s => span / s <= most) || STEPS[STEPS.length - 1] * Math.ceil(span / most / STEPS[STEPS.length - 1]);
        function valueTicks(lo, hi, most) {
          const raw = (hi - lo) / most, power = Math.pow(10, Math.floor(Math.log10(raw)));
          const step = [1, 2, 2.5, 5, 10].map(m => m * power).find(s => s >= raw) || raw, ticks = [], fine = Math.abs(step / power - 2.5) < 1e-9 ? 1 : 0;
          for (let k = Math.ceil(lo / step); k * step <= hi + step * 1e-9; k++) ticks.push(k * step);
          return { ticks, decimals: Math.max(0, Math.min(12, fine - Math.floor(Math.log10(step) + 1e-9))) };
        }
        const number = (v, d) => v == null || !isFinite(v) ? "–" : (Math.abs(v) < 0.5 * Math.pow(10, -d) ? 0 : v)
          .toLocaleString("en-US", { minimumFractionDigits: d, maximumFractionDigits: d });
        const plain = v => v == null || !isFinite(v) ? "–" : v.toLocaleString("en-US", { maximumSignificantDigits: 7 });
        const GROUPS = ["maker buy", "maker sell", "taker buy", "taker sell"], COLORS = ["--buy", "--sell", "--takerbuy", "--takersell"];
        const LEFT = 66, RIGHT = 70;

        function chart(box) {
          const d = JSON.parse(box.querySelector("script.data").textContent);
          const sum = (a) => { let t = 0; return a.map(x => t += x); };
          d.t = sum(d.t); d.ft = sum(d.ft);
          const panels = [...box.querySelectorAll("canvas")].map(canvas => ({ canvas, name: canvas.dataset.panel }));
          const tip = box.querySelector(".tip"), reset = box.querySelector(".reset"), off = new Set();
          let first = Math.min(d.t[0], d.ft.length ? d.ft[0] : Infinity), last = Math.max(d.t[d.t.length - 1], d.ft.length ? d.ft[d.ft.length - 1] : -Infinity);
          if (!(last > first)) { first -= 5e5; last += 5e5; }
          const full = [first - (last - first) * .004, last + (last - first) * .004];
          let view = full.slice(), cursor = null, drag = null, queued = false;
          const css = name => getComputedStyle(root).getPropertyValue(name).trim();
          const lower = (a, v) => {
            let lo = 0, hi = a.length;
            while (lo < hi) { const m = (lo + hi) >> 1; if (a[m] < v) lo = m + 1; else hi = m; }
            return lo;
          };
          const slice = a => [Math.max(0, lower(a, view[0]) - 1), Math.min(a.length, lower(a, view[1]) + 1)];

          function extent(columns, from, to, zero) {
            let lo = zero ? 0 : Infinity, hi = zero ? 0 : -Infinity;
            for (const [col, low, high] of columns) for (let i = from; i < to; i++) {
              const v = d[col][i]; if (v == null) continue;
              const a = v - (low ? d[low][i] || 0 : 0), b = v + (high ? d[high][i] || 0 : 0);
              if (a < lo) lo = a; if (b > hi) hi = b;
            }
            if (!(hi >= lo)) { lo = 0; hi = 1; }
            const margin = hi > lo ? (hi - lo) * .06 : Math.abs(hi) * .001 || 1;
            return [zero && lo === 0 ? 0 - (hi > lo ? 0 : margin) : lo - margin, zero && hi === 0 ? (hi > lo ? 0 : margin) : hi + margin];
          }

          function drawPanel(p) {
            const w = p.canvas.clientWidth, h = p.canvas.clientHeight, ratio = window.devicePixelRatio || 1;
            if (!w || !h) return;
            p.canvas.width = Math.round(w * ratio); p.canvas.height = Math.round(h * ratio);
            const g = p.canvas.getContext("2d"); g.setTransform(ratio, 0, 0, ratio, 0, 0);
            const isLast = p.name !== "drawdown", strip = p.name === "price" && crowded() ? STRIP + 4 : 0,
              top = 8, base = h - (isLast ? 22 : 8), bottom = base - strip;
            const [from, to] = slice(d.t), x = t => LEFT + (t - view[0]) / (view[1] - view[0]) * (w - LEFT - RIGHT);
            p.x = x; p.w = w; p.top = top; p.bottom = bottom;
            const scale = (lo, hi) => v => bottom - (v - lo) / (hi - lo) * (bottom - top);
            g.font = "11.5px system-ui, sans-serif"; g.textBaseline = "middle"; g.lineWidth = 1;

            if (d.warm > view[0]) { g.fillStyle = css("--grid"); g.globalAlpha = .55;
              g.fillRect(LEFT, top, Math.max(0, Math.min(x(d.warm), w - RIGHT) - LEFT), base - top); g.globalAlpha = 1; }
            let range;
            if (p.name === "price") {
              range = extent([["price", "priceLow", "priceHigh"]], from, to, false);
              const [a, b] = slice(d.ft);
              if (!crowded()) for (let i = a; i < b; i++) if (d.ft[i] >= view[0] && d.ft[i] <= view[1] && !off.has("fill" + d.fg[i])) {
                if (d.fp[i] < range[0]) range[0] = d.fp[i]; if (d.fp[i] > range[1]) range[1] = d.fp[i];
              }
              const room = (range[1] - range[0]) * 9 / (bottom - top); range = [range[0] - room, range[1] + room];
            } else if (p.name === "equity") {
              range = extent(
                [off.has("equity") ? null : ["equity", "equityLow", "equityHigh"], off.has("gross") ? null : ["gross"]].filter(Boolean),
                from, to, false);
            } else if (p.name === "drawdown") range = extent([["drawdown"]], from, to, true);
            else range = extent([["position", "positionLow", "positionHigh"]], from, to, true);
            const y = p.y = scale(range[0], range[1]);

            // Grid and axes.
            const grid = css("--grid"), dim = css("--dim");
            const vt = valueTicks(range[0], range[1], Math.max(4, Math.floor((bottom - top) / 42)));
            p.decimals = vt.decimals;
            g.textAlign = "right";
            for (const v of vt.ticks) {
              const at = Math.round(y(v)) + .5;
              g.strokeStyle = v === 0 && p.name !== "price" ? css("--cross") : grid; g.beginPath(); g.moveTo(LEFT, at); g.lineTo(w - RIGHT, at); g.stroke();
              g.fillStyle = dim; g.fillText(number(v, vt.decimals), LEFT - 8, at);
            }
            const step = timeStep(view[1] - view[0], Math.max(2, Math.floor((w - LEFT - RIGHT) / 105)));
            g.textAlign = "center"; let day = "";
            for (let k = Math.ceil((d.t0 + view[0]) / step); k * step <= d.t0 + view[1]; k++) {
              const us = k * step, at = Math.round(x(us - d.t0)) + .5;
              g.strokeStyle = grid; g.beginPath(); g.moveTo(at, top); g.lineTo(at, base); g.stroke();
              if (!isLast) continue;
              const today = date(us), text = step >= DAY ? today : today !== day ? today.slice(5) + " " + clock(us, step) : clock(us, step);
              day = today; g.fillStyle = dim; g.fillText(text, Math.max(LEFT, Math.min(w - 52, at)), base + 13);
            }

            g.save(); g.beginPath(); g.rect(LEFT, top - 2, w - LEFT - RIGHT, base - top + 4); g.clip();
            const line = (col, color, yy, o) => {
              o = o || {};
              if (o.low) { // Lows and highs within each point's stretch.
                g.fillStyle = color; g.globalAlpha = .22;
                for (let i = from; i < to; i++) {
                  const v = d[col][i], l = d[o.low][i], u = d[o.high][i];
                  if (v == null || !(l || u)) continue;
                  const a = yy(v + (u || 0)), b = yy(v - (l || 0)), px = x(d.t[i]), left = i > 0 ? Math.min(x(d.t[i - 1]), px - 1) : px - 1;
                  g.fillRect(Math.max(left, px - 14), a, Math.min(14, px - left), Math.max(1, b - a));
                }
              }
              g.globalAlpha = o.alpha || 1; g.strokeStyle = color; g.lineWidth = o.width || 1.5; g.lineJoin = "round";
              g.beginPath(); let pen = false, lastY = 0, seen = 0, dot = null;
              for (let i = from; i < to; i++) {
                const v = d[col][i]; if (v == null) { pen = false; continue; }
                const px = x(d.t[i]), py = yy(v);
                if (pen) { if (o.steps) g.lineTo(px, lastY); g.lineTo(px, py); } else g.moveTo(px, py);
                pen = true; lastY = py; seen++; dot = [px, py];
              }
              g.stroke();
              if (seen === 1) { g.fillStyle = color; g.beginPath(); g.arc(dot[0], dot[1], 3, 0, 7); g.fill(); }
              if (o.area && seen > 1) {
                g.globalAlpha = .16; g.fillStyle = color; g.beginPath(); pen = null;
                for (let i = from; i < to; i++) {
                  const v = d[col][i]; if (v == null) continue;
                  const px = x(d.t[i]), py = yy(v);
                  if (pen === null) g.moveTo(px, yy(0)); else if (o.steps) g.lineTo(px, pen);
                  g.lineTo(px, py); pen = py; dot = px;
                }
                g.lineTo(dot, yy(0)); g.fill();
              }
              g.globalAlpha = 1;
            };
            if (p.name === "price") {
              if (!off.has("price")) line("price", css("--price"), y, { low: "priceLow", high: "priceHigh", width: 1.3 });
              if (crowded()) activity(g, x, bottom + 12, bottom + STRIP, w); else marks(g, x, y);
            } else if (p.name === "equity") {
              if (!off.has("ghost")) {
                const r = extent([["price", "priceLow", "priceHigh"]], from, to, false), yy = scale(r[0], r[1]);
                line("price", css("--price"), yy, { alpha: .45, width: 1.1 });
                g.restore(); g.save(); g.textAlign = "left"; g.fillStyle = css("--price");
                const rt = valueTicks(r[0], r[1], Math.max(2, Math.floor((bottom - top) / 42)));
                for (const v of rt.ticks) g.fillText(number(v, rt.decimals), w - RIGHT + 8, yy(v));
                g.beginPath(); g.rect(LEFT, top - 2, w - LEFT - RIGHT, bottom - top + 4); g.clip();
              }
              if (!off.has("gross")) line("gross", css("--gross"), y, { width: 1.5 });
              if (!off.has("equity")) line("equity", css("--equity"), y, { low: "equityLow", high: "equityHigh", width: 1.8 });
            } else if (p.name === "drawdown") line("drawdown", css("--down"), y, { area: true, width: 1.2 });
            else line("position", css("--position"), y, { area: true, steps: true, low: "positionLow", high: "positionHigh", width: 1.2 });
            g.restore();

            if (drag && !drag.move) {
              const a = x(Math.max(view[0], Math.min(drag.from, drag.to))), b = x(Math.min(view[1], Math.max(drag.from, drag.to)));
              g.fillStyle = css("--accent"); g.globalAlpha = .14; g.fillRect(a, top, b - a, bottom - top); g.globalAlpha = 1;
            }
            if (cursor) {
              const at = Math.round(x(d.t[cursor.i])) + .5;
              if (at >= LEFT && at <= w - RIGHT) {
                g.strokeStyle = css("--cross"); g.setLineDash([3, 3]); g.beginPath(); g.moveTo(at, top); g.lineTo(at, bottom); g.stroke(); g.setLineDash([]);
              }
              if (p.name === "price" && cursor.mark >= 0) {
                g.strokeStyle = css("--ink"); g.lineWidth = 1.5; g.beginPath(); g.arc(x(d.ft[cursor.mark]), y(d.fp[cursor.mark]), 8, 0, 7); g.stroke();
              }
            }
          }

          // A crowd of fills would hide the price: they become bars of quantity under it, buys up, sells down.
          const crowded = () => { const [a, b] = slice(d.ft); return b - a > 1500; }, STRIP = 64;
          function activity(g, x, top, bottom, w) {
            const bin = 4, count = Math.ceil((w - LEFT - RIGHT) / bin), sums = [0, 1, 2, 3].map(() => new Float64Array(count)), [a, b] = slice(d.ft);
            for (let i = a; i < b; i++) {
              const k = Math.floor((x(d.ft[i]) - LEFT) / bin);
              if (k >= 0 && k < count && !off.has("fill" + d.fg[i])) sums[d.fg[i]][k] += d.fq[i];
            }
            let most = 0; for (let k = 0; k < count; k++) most = Math.max(most, sums[0][k] + sums[2][k], sums[1][k] + sums[3][k]);
            const middle = Math.round((top + bottom) / 2), unit = most > 0 ? (bottom - top) / 2 / most : 0, colors = COLORS.map(css);
            for (let k = 0; k < count; k++) for (let side = 0; side < 2; side++) {
              let from = 0;
              for (const group of [side, side + 2]) {
                const size = sums[group][k] * unit; g.fillStyle = colors[group];
                g.fillRect(LEFT + k * bin, side ? middle + from : middle - from - size, bin - 1, size); from += size;
              }
            }
            g.fillStyle = css("--dim"); g.textAlign = "left"; g.fillText("quantity filled, zoom in for single fills", LEFT + 4, top - 5);
          }

          // Fills: triangles up for buys, down for sells; makers filled, takers hollow.
          function marks(g, x, y) {
            const [a, b] = slice(d.ft), size = b - a > 400 ? 3.6 : 5;
            for (let group = 0; group < 4; group++) {
              if (off.has("fill" + group)) continue;
              const up = group % 2 === 0 ? 1 : -1, hollow = group > 1;
              g.fillStyle = g.strokeStyle = css(COLORS[group]); g.globalAlpha = .85; g.lineWidth = 1.4; g.beginPath();
              for (let i = a; i < b; i++) if (d.fg[i] === group) {
                const px = x(d.ft[i]), py = y(d.fp[i]), s = d.fn.length ? size * Math.min(2.2, 1 + Math.log10(d.fn[i]) * .5) : size;
                g.moveTo(px, py - up * s); g.lineTo(px + s, py + up * s * .8); g.lineTo(px - s, py + up * s * .8); g.closePath();
              }
              if (hollow) g.stroke(); else g.fill();
            }
            g.globalAlpha = 1;
          }

          function draw() { queued = false; panels.forEach(drawPanel); reset.disabled = view[0] === full[0] && view[1] === full[1]; }
          function redraw() { if (!queued) { queued = true; requestAnimationFrame(draw); } }
          function show(lo, hi) {
            const least = Math.min(full[1] - full[0], 1000), span = Math.max(least, Math.min(full[1] - full[0], hi - lo));
            const middle = (lo + hi) / 2; lo = middle - span / 2;
            lo = Math.max(full[0], Math.min(full[1] - span, lo)); view = span >= full[1] - full[0] ? full.slice() : [lo, lo + span]; redraw();
          }
          const zoom = (factor, at) => show(at - (at - view[0]) * factor, at + (view[1] - at) * factor);
          const timeAt = (p, e) => {
            const r = p.canvas.getBoundingClientRect();
            return view[0] + (e.clientX - r.left - LEFT) / (r.width - LEFT - RIGHT) * (view[1] - view[0]);
          };

          function hover(p, e) {
            const t = timeAt(p, e);
            let i = lower(d.t, t); if (i >= d.t.length || (i > 0 && t - d.t[i - 1] < d.t[i] - t)) i--;
            i = Math.max(0, i);
            let mark = -1;
            if (p.name === "price" && p.y && !crowded()) {
              const r = p.canvas.getBoundingClientRect(), mx = e.clientX - r.left, my = e.clientY - r.top; let best = 14 * 14;
              const reach = 14 / (p.w - LEFT - RIGHT) * (view[1] - view[0]);
              for (let k = lower(d.ft, t - reach); k < d.ft.length && d.ft[k] <= t + reach; k++) {
                if (off.has("fill" + d.fg[k])) continue;
                const dx = p.x(d.ft[k]) - mx, dy = p.y(d.fp[k]) - my; if (dx * dx + dy * dy < best) { best = dx * dx + dy * dy; mark = k; }
              }
            }
            cursor = { i, mark };
            const us = d.t0 + d.t[i], money = v => plain(v);
            const rows = [["mid price", number(d.price[i], d.priceDecimals)], ["equity", money(d.equity[i])], ["before fees", money(d.gross[i])],
              ["drawdown", money(d.drawdown[i])], ["position", plain(d.position[i])]];
            let html = "<b>" + date(us) + " " + clock(us, 1000) + "</b><table>" +
              rows.map(r => "<tr><th>" + r[0] + "</th><td>" + r[1] + "</td></tr>").join("") + "</table>";
            if (mark >= 0) {
              const n = d.fn.length ? d.fn[mark] : 1;
              html += '<div class="fill"><b style="color:var(' + COLORS[d.fg[mark]] + ')">' + GROUPS[d.fg[mark]] +
                (n > 1 ? " × " + n : "") + "</b> " + plain(d.fq[mark]) + " @ " + number(d.fp[mark], d.priceDecimals) +
                "<br>" + clock(d.t0 + d.ft[mark], 1) + " · position after " + plain(d.fx[mark]) + "</div>";
            }
            tip.innerHTML = html; tip.hidden = false;
            const outer = box.getBoundingClientRect(); let left = e.clientX - outer.left + 16;
            if (left + tip.offsetWidth > outer.width - 8) left = e.clientX - outer.left - tip.offsetWidth - 16;
            tip.style.left = Math.max(4, left) + "px"; tip.style.top = Math.max(4, e.clientY - outer.top - 20) + "px";
            redraw();
          }

          for (const p of panels) {
            p.canvas.addEventListener("pointerdown", e => {
              if (e.button) return;
              p.canvas.setPointerCapture(e.pointerId); const t = timeAt(p, e); drag = { from: t, to: t, move: e.shiftKey, x: e.clientX };
            });
            p.canvas.addEventListener("pointermove", e => {
              if (drag && drag.move) { const t = timeAt(p, e); show(view[0] + drag.from - t, view[1] + drag.from - t); }
              else if (drag) drag.to = timeAt(p, e);
              hover(p, e);
            });
            p.canvas.addEventListener("pointerup", e => {
              const done = drag; drag = null;
              if (done && !done.move && Math.abs(e.clientX - done.x) > 5) show(Math.min(done.from, done.to), Math.max(done.from, done.to));
              else redraw();
            });
            p.canvas.addEventListener("pointercancel", () => { drag = null; redraw(); });
            p.canvas.addEventListener("pointerleave", () => { if (!drag) { cursor = null; tip.hidden = true; redraw(); } });
            p.canvas.addEventListener("wheel", e => {
              e.preventDefault();
              if (Math.abs(e.deltaX) > Math.abs(e.deltaY)) { const by = e.deltaX / p.w * (view[1] - view[0]); show(view[0] + by, view[1] + by); }
              else zoom(Math.exp(Math.max(-240, Math.min(240, e.deltaY)) * .0022), timeAt(p, e));
            }, { passive: false });
            p.canvas.addEventListener("dblclick", () => show(full[0], full[1]));
          }
          reset.addEventListener("click", () => show(full[0], full[1]));
          box.addEventListener("keydown", e => {
            if (e.target !== box) return;
            const span = view[1] - view[0], middle = (view[0] + view[1]) / 2;
            if (e.key === "ArrowLeft") show(view[0] - span * .2, view[1] - span * .2);
            else if (e.key === "ArrowRight") show(view[0] + span * .2, view[1] + span * .2);
            else if (e.key === "+" || e.key === "=") zoom(.7, middle);
            else if (e.key === "-") zoom(1 / .7, middle);
            else if (e.key === "0" || e.key === "Escape") show(full[0], full[1]);
            else return;
            e.preventDefault();
          });
          for (const key of box.querySelectorAll(".key")) key.addEventListener("click", () => {
            const on = key.getAttribute("aria-pressed") === "true"; key.setAttribute("aria-pressed", String(!on));
            if (on) off.add(key.dataset.key); else off.delete(key.dataset.key); redraw();
          });
          new ResizeObserver(redraw).observe(box);
          draw();
          return {
            redraw,
            zoom: (a, b) => { show(full[0] + (full[1] - full[0]) * a, full[0] + (full[1] - full[0]) * b); draw(); },
            hover: (name, fx, fy) => {
              const p = panels.find(p => p.name === name), r = p.canvas.getBoundingClientRect();
              hover(p, { clientX: r.left + LEFT + fx * (r.width - LEFT - RIGHT), clientY: r.top + fy * r.height });
            } };
        }

        const charts = [...document.querySelectorAll(".charts")].map(chart);
        const tabs = [...document.querySelectorAll("[role=tab]")], sections = [...document.querySelectorAll("section.asset")];
        function select(k) {
          tabs.forEach((t, i) => { t.setAttribute("aria-selected", String(i === k)); t.tabIndex = i === k ? 0 : -1; });
          sections.forEach((s, i) => { s.hidden = tabs.length > 1 && i !== k; });
          charts.forEach(c => c.redraw());
        }
        tabs.forEach((t, i) => {
          t.addEventListener("click", () => select(i));
          t.addEventListener("keydown", e => {
            const k = e.key === "ArrowRight" ? i + 1 : e.key === "ArrowLeft" ? i - 1 : -1;
            if (k >= 0 && k < tabs.length) { select(k); tabs[k].focus(); }
          });
        });
        if (tabs.length) select(0);
        const dark = window.matchMedia("(prefers-color-scheme: dark)"), redrawAll = () => charts.forEach(c => c.redraw());
        document.getElementById("theme").addEventListener("click", () => {
          const now = root.dataset.theme || (dark.matches ? "dark" : "light"); root.dataset.theme = now === "dark" ? "light" : "dark"; redrawAll();
        });
        dark.addEventListener("change", redrawAll);
        root.dataset.ready = String(charts.length);
        window.hbtReport = { charts };
        // #zoom=0.2,0.4 opens on that part of the run (fractions), for links to a moment.
        const zoom = /[#&]zoom=([0-9.]+),([0-9.]+)/.exec(location.hash);
        if (zoom) charts.forEach(c => c.zoom(+zoom[1], +zoom[2]));
        })();

        """#
}
