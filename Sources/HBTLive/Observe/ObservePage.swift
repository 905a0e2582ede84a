/// The live page: one file, no network beyond its own run.
enum ObservePage {
    static let html = """
        <!doctype html><html lang="en"><head><meta charset="utf-8"><title>hbt run</title>
        <meta http-equiv="Content-Security-Policy" content="default-src 'self'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
        <style>
        body{font:14px/1.4 system-ui,sans-serif;margin:1.2rem;color:#1c1c1c;background:#fafafa}
        h1{font-size:1.2rem;margin:0}h2{font-size:1rem;margin:1.2rem 0 .3rem}
        header{display:flex;gap:1rem;align-items:center;flex-wrap:wrap}
        #kill{margin-left:auto;background:#b3261e;color:#fff;border:0;padding:.5rem 1.2rem;border-radius:4px;font-weight:600;cursor:pointer}
        #faults{color:#b3261e;font-weight:600;white-space:pre-line}
        table{border-collapse:collapse;font-variant-numeric:tabular-nums}td,th{padding:.1rem .7rem;text-align:right;border-bottom:1px solid #ddd}
        th:first-child,td:first-child{text-align:left}.row{display:flex;gap:2.5rem;flex-wrap:wrap;align-items:flex-start}
        .bid{color:#1b7f3b}.ask{color:#b3261e}.mine{font-weight:700;background:#fff3c4}canvas{background:#fff;border:1px solid #ddd}
        </style></head><body>
        <header><h1 id="title">hbt run</h1><span id="when"></span><button id="kill">Cancel everything</button></header>
        <p id="faults"></p><canvas id="equity" width="900" height="140"></canvas>
        <div id="assets"></div><div class="row"><div><h2>Latencies</h2><table id="latency"></table></div><div><h2>Factors</h2><table id="factors"></table></div>
        <div><h2>Counts</h2><table id="counts"></table></div></div>
        <script>
        const $=id=>document.getElementById(id),curve=[];
        const num=(x,d)=>typeof x==='number'?x.toLocaleString('en',{minimumFractionDigits:d,maximumFractionDigits:d}):(x??'–');
        const short=x=>String(Number(x.toPrecision(12)));
        const ms=ns=>ns==null?'–':(ns/1e6).toLocaleString('en',{maximumFractionDigits:3})+' ms';
        function cell(row,text,cls){const td=row.insertCell();td.textContent=text;if(cls)td.className=cls}
        function fill(table,rows){table.replaceChildren();for(const r of rows){const tr=table.insertRow();
        r.forEach(x=>Array.isArray(x)?cell(tr,x[0],x[1]):cell(tr,x))}}
        function draw(){const c=$('equity'),g=c.getContext('2d');g.clearRect(0,0,c.width,c.height);if(curve.length<2)return;
        const lo=Math.min(...curve),hi=Math.max(...curve),h=hi-lo||1;g.beginPath();g.strokeStyle='#23527c';
        curve.forEach((v,i)=>{const x=i*c.width/(curve.length-1),y=c.height-8-(v-lo)/h*(c.height-16);i?g.lineTo(x,y):g.moveTo(x,y)});g.stroke();
        g.fillStyle='#555';g.fillText('equity '+num(curve[curve.length-1],4)+'   low '+num(lo,4)+'   high '+num(hi,4),8,14)}
        function asset(a){const box=document.createElement('section'),h=document.createElement('h2');
        h.textContent=a.symbol+(a.feedFault?' — '+a.feedFault:'');box.append(h);const row=document.createElement('div');row.className='row';box.append(row);
        const facts=document.createElement('table'),book=document.createElement('table');row.append(facts,book);
        fill(facts,[['equity',num(a.equity,4)],['position',num(a.position,6)],['balance',num(a.balance,4)],['fees',num(a.fee,4)],['funding',num(a.funding,4)],
        ['trades',num(a.trades,0)],['book age',ms(a.bookAgeNs)],['feed lag',ms(a.feedLagNs)],['gaps',num(a.gaps,0)],['snapshots',num(a.snapshots,0)]]);
        const mine=new Map(a.quotes.map(q=>[q.price.toPrecision(12),q]));const line=(l,c)=>{const q=mine.get(l.price.toPrecision(12));
        return [[short(l.price),c+(q?' mine':'')],[short(l.quantity),q?'mine':''],[q?short(q.quantity):'',q?'mine':'']]};
        fill(book,[['price','quantity','ours'],...a.asks.slice(0,10).reverse().map(l=>line(l,'ask')),...a.bids.slice(0,10).map(l=>line(l,'bid'))]);return box}
        async function load(){try{const r=await fetch('/state');if(!r.ok)throw new Error(await r.text());const {status:s,faults}=await r.json();
        $('title').textContent=s.name+' ('+s.mode+', run '+s.runId+')';$('when').textContent=new Date(s.nowNs/1e6).toISOString();
        $('faults').textContent=faults.join('\\n');const e=s.assets.reduce((t,a)=>t+(typeof a.equity==='number'?a.equity:NaN),0);
        if(Number.isFinite(e)){curve.push(e);if(curve.length>900)curve.shift()}draw();$('assets').replaceChildren(...s.assets.map(asset));
        const l=(n,t)=>[n,num(t.count,0),ms(t.p50Ns),ms(t.p99Ns),ms(t.mostNs)];
        fill($('latency'),[['','count','median','99 %','most'],l('order round trip',s.orderRoundTrip),l('tick to order',s.tickToOrder)]);
        fill($('factors'),s.factors.map(f=>[f.name+(f.isWarm?'':' (cold)'),String(f.value)]));
        fill($('counts'),[['steps',num(s.steps,0)],['requests',num(s.requests,0)],['answers',num(s.responses,0)],['fills',num(s.fills,0)],
        ['refusals',num(s.refusals,0)],['connections',num(s.openConnections,0)]]);
        }catch(e){$('faults').textContent='no answer from the run: '+e.message}}
        $('kill').onclick=async()=>{const t=prompt('Token (in the file observe.token of the run’s folder)');if(!t)return;
        const r=await fetch('/kill',{method:'POST',headers:{Authorization:'Bearer '+t}});alert(await r.text())};
        load();setInterval(load,1000);
        </script></body></html>

        """
}
