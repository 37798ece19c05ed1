namespace AlexNetSharp.Runs.Reports;

/// <summary>How the page looks: on paper-white or dark, as the reader's system asks, from a phone's width to a wide screen.</summary>
internal static class ReportStyle
{
    /// <summary>The style sheet. Shades r0 to r10 and w0 to w10 are those of cells that are right and wrong.</summary>
    // Browsers take the hash of the text with plain line feeds.
    public static readonly string Sheet = $$$"""

        :root{--page:#fff;--ink:#1c2430;--faint:#5b6675;--line:#d9dee5;--panel:#f4f6f9;--first:#2f74c0;--second:#c2570c;--third:#2f7d4f;--right:#3f83d1;--wrong:#e8792b;--link:#1f5fa8}
        @media (prefers-color-scheme:dark){:root{--page:#12161c;--ink:#e6eaf0;--faint:#9aa6b5;--line:#303845;--panel:#1b212a;--first:#74aef0;--second:#f29a55;--third:#6fc592;--right:#2f6fbd;--wrong:#b8560f;--link:#8fbdf5}}
        *{box-sizing:border-box}
        body{margin:0 auto;padding:1.5rem clamp(1rem,4vw,3rem) 3rem;max-width:76rem;background:var(--page);color:var(--ink);font:1rem/1.5 system-ui,"Segoe UI","DejaVu Sans",sans-serif}
        h1{font-size:1.7rem;line-height:1.25;margin:.2rem 0 .5rem;overflow-wrap:anywhere}
        h2{font-size:1.25rem;margin:2.6rem 0 .6rem;padding-bottom:.25rem;border-bottom:1px solid var(--line)}
        h3{font-size:1rem;margin:0}
        p{margin:.4rem 0;max-width:48rem;overflow-wrap:anywhere}
        code{font-family:ui-monospace,"DejaVu Sans Mono",monospace;font-size:.92em}
        small,.about,footer{color:var(--faint)}
        footer{margin-top:3rem;font-size:.9rem}
        .state{display:inline-block;vertical-align:.15em;font-size:.8rem;font-weight:600;padding:.1rem .6rem;border:1px solid currentColor;border-radius:1rem;color:var(--third)}
        .state.interrupted,.state.failed,.state.running{color:var(--second)}
        .note{border-left:4px solid var(--second);background:var(--panel);padding:.5rem .8rem}
        .key{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,9rem),1fr));gap:.75rem;margin:1rem 0}
        .key div{background:var(--panel);border:1px solid var(--line);border-radius:.5rem;padding:.6rem .8rem}
        .key dt{font-size:.85rem;color:var(--faint)}
        .key dd{margin:0;font-size:1.25rem;font-weight:600;font-variant-numeric:tabular-nums}
        .key .about{font-size:.8rem;font-weight:400;overflow-wrap:anywhere}
        figure{margin:0}
        .charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,21rem),1fr));gap:2rem;align-items:end;margin-top:1rem}
        .chart>svg{display:block;overflow:visible;height:16rem;width:calc(100% - 5rem);margin:1.9rem 1.2rem 3rem 3.8rem}
        .chart svg svg{overflow:visible}
        .chart line{stroke:var(--line)}
        .chart text{fill:var(--faint);font-size:12px;font-variant-numeric:tabular-nums}
        .chart .left{text-anchor:end}
        .chart .below{text-anchor:middle}
        .chart .unit{font-style:italic}
        .chart polyline{fill:none;stroke-width:2;stroke-linejoin:round;vector-effect:non-scaling-stroke}
        polyline.first{stroke:var(--first)}polyline.second{stroke:var(--second)}polyline.third{stroke:var(--third)}
        circle.first{fill:var(--first)}circle.second{fill:var(--second)}circle.third{fill:var(--third)}
        .strips rect{fill:transparent}
        .strips rect:hover{fill:var(--ink);fill-opacity:.1}
        .legend{list-style:none;display:flex;flex-wrap:wrap;gap:.2rem 1.2rem;margin:.2rem 0 0;padding:0;font-size:.9rem}
        .legend li::before{content:"";display:inline-block;width:1.1rem;height:.25rem;margin-right:.45rem;vertical-align:middle;background:currentColor}
        .legend .first::before{background:var(--first)}.legend .second::before{background:var(--second)}.legend .third::before{background:var(--third)}
        .scroll{overflow-x:auto;margin:.8rem 0}
        .tall{max-height:32rem;overflow-y:auto}
        table{border-collapse:collapse;font-variant-numeric:tabular-nums}
        th{font-weight:600;text-align:left}
        .figures th,.figures td,.settings th,.settings td{padding:.28rem .8rem;border-bottom:1px solid var(--line);vertical-align:top}
        .figures thead th,.figures tfoot th,.figures tfoot td{background:var(--panel)}
        .tall thead th{position:sticky;top:0}
        .tall tfoot th,.tall tfoot td{position:sticky;bottom:0}
        .number,.figures .number{text-align:right}
        .settings th{font-weight:400;font-family:ui-monospace,"DejaVu Sans Mono",monospace;font-size:.88rem}
        .settings td{overflow-wrap:anywhere}
        .confusion td,.confusion th{padding:.3rem .45rem;border:1px solid var(--line);text-align:right;font-size:.88rem;min-width:2.4rem}
        .confusion thead td{border:0}
        .confusion thead th{text-align:center;vertical-align:bottom}
        .confusion tbody th{position:sticky;left:0;background:var(--page);white-space:nowrap}
        .confusion.long thead span{writing-mode:vertical-rl;transform:rotate(180deg)}
        {{{Shades('r', "right", 6.5)}}}
        {{{Shades('w', "wrong", 9)}}}
        td.w0{color:var(--faint)}
        .matrix{max-width:min(100%,40rem);height:auto;border:1px solid var(--line);image-rendering:pixelated}
        .mistakes{list-style:none;display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,10.5rem),1fr));gap:1.1rem;margin:1rem 0;padding:0}
        .mistakes img{display:block;width:100%;height:9rem;object-fit:contain;image-rendering:pixelated;background:var(--panel);border:1px solid var(--line);border-radius:.3rem}
        .mistakes figcaption{font-size:.86rem;line-height:1.4;margin-top:.35rem;overflow-wrap:anywhere}
        .filters{display:block;max-width:min(100%,40rem);height:auto;image-rendering:pixelated}
        @media (max-width:40rem){.mistakes{grid-template-columns:repeat(2,minmax(0,1fr))}.key{grid-template-columns:repeat(2,minmax(0,1fr))}.key dd{font-size:1.15rem}.figures th,.figures td,.settings th,.settings td{padding:.28rem .3rem;font-size:.88rem}.settings th{overflow-wrap:anywhere;min-width:12.5rem;font-size:.78rem}.confusion td,.confusion th{padding:.25rem .2rem;font-size:.78rem;min-width:1.9rem}}
        @media print{.tall{max-height:none}}

        """.ReplaceLineEndings("\n");

    // Ten steps from the page's colour; how deep the last is leaves the numbers readable.
    private static string Shades(char prefix, string color, double step) =>
        string.Concat(Enumerable.Range(1, 10).Select(i => FormattableString.Invariant($"td.{prefix}{i}{{background:color-mix(in srgb,var(--{color}) {i * step:0.#}%,var(--page))}}")));
}
