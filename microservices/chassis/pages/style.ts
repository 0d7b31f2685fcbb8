/** The one style sheet of the platform's own pages: light and dark, no fonts or files from elsewhere. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --paper: light-dark(#fbfaf8, #16181d);
  --card: light-dark(#ffffff, #1e2128);
  --ink: light-dark(#1d2129, #e9e7e2);
  --soft: light-dark(#5c6370, #a3a8b4);
  --line: light-dark(#e4e1da, #323743);
  --accent: light-dark(#0b6e63, #5fd3c4);
  --accent-soft: light-dark(#e3f2ef, #1d3a38);
  --good: light-dark(#1d7a3e, #7ad99b);
  --bad: light-dark(#b3261e, #ff9c94);
  --mono: ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace;
}
* { box-sizing: border-box; }


body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.6 system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif; }
a { color: var(--accent); text-underline-offset: .2em; text-decoration-thickness: from-font; }
a:focus-visible, summary:focus-visible, input:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
.skip { position: absolute; left: -99rem; }
.skip:focus { left: 1rem; top: 1rem; background: var(--card); padding: .5rem 1rem; z-index: 1; }
header.top { border-bottom: 1px solid var(--line); background: var(--card); }
header.top > div, main, footer { max-width: 70rem; margin: 0 auto; padding: 0 1.5rem; }
header.top > div { display: flex; flex-wrap: wrap; gap: .25rem 1.75rem; align-items: baseline; padding-block: 1rem; }
header.top strong a { color: var(--ink); text-decoration: none; letter-spacing: -.01em; font-size: 1.05rem; }
header.top nav { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; }
header.top nav a { color: var(--soft); text-decoration: none; }
header.top nav a:hover, header.top nav a[aria-current] { color: var(--accent); }
main { padding-block: 2.5rem 4rem; }
footer { color: var(--soft); font-size: .875rem; padding-block: 1.5rem 3rem; border-top: 1px solid var(--line); }
h1 { font-size: clamp(1.75rem, 4vw, 2.5rem); line-height: 1.15; letter-spacing: -.025em; margin: 0 0 .75rem; text-wrap: balance; }
h2 { font-size: 1.4rem; letter-spacing: -.015em; margin: 3rem 0 .5rem; }
h3 { font-size: 1.05rem; margin: 0; }
p { margin: 0 0 1rem; max-width: 46rem; text-wrap: pretty; }
.lead { font-size: 1.15rem; color: var(--soft); }
.soft { color: var(--soft); }
code, .mono { font-family: var(--mono); font-size: .875em; overflow-wrap: anywhere; }
ul.cards { list-style: none; padding: 0; margin: 1.25rem 0 0; display: grid; gap: 1rem; grid-template-columns: repeat(auto-fill, minmax(min(100%, 19rem), 1fr)); }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 1.1rem 1.25rem; }
.card p { margin: .35rem 0 0; color: var(--soft); font-size: .95rem; }
.card p.links { margin-top: .75rem; display: flex; flex-wrap: wrap; gap: .25rem 1rem; }
.tag { display: inline-block; font-size: .8rem; padding: .05rem .55rem; border-radius: 99px; background: var(--accent-soft); color: var(--accent); }
details { background: var(--card); border: 1px solid var(--line); border-radius: 12px; margin: .75rem 0; }
summary { cursor: pointer; padding: .85rem 1.25rem; }
summary > .mono { font-weight: 600; font-size: .95rem; }
summary > .soft { margin-left: .6rem; }
details > div { padding: 0 1.25rem 1.1rem; scroll-margin-top: 5rem; }
.method { display: inline-block; min-width: 4.2rem; color: var(--accent); }
.method-delete { color: var(--bad); }
table { border-collapse: collapse; width: 100%; font-size: .925rem; }
.scroll { overflow-x: auto; }
caption { text-align: left; font-weight: 600; padding: 1rem 0 .4rem; }
th, td { text-align: left; vertical-align: top; padding: .45rem .75rem .45rem 0; border-top: 1px solid var(--line); }
th { color: var(--soft); font-weight: 500; font-size: .8rem; border-top: 0; }
td > code { white-space: nowrap; }
td.nest-1 { padding-left: 1.25rem; } td.nest-2 { padding-left: 2.5rem; } td.nest-3 { padding-left: 3.75rem; }
@media (max-width: 40rem) {
  thead { position: absolute; left: -99rem; }
  tr { display: block; border-top: 1px solid var(--line); padding: .5rem 0; }
  td { display: block; border: 0; padding-block: 0; }
  td > code { white-space: normal; }
  summary > .soft { display: block; margin-left: 1.1rem; }
}
.index { columns: 16rem; padding: 0; margin: 1.25rem 0 0; list-style: none; }
.index li { break-inside: avoid; margin-bottom: .25rem; }
pre { background: var(--paper); border: 1px solid var(--line); border-radius: 8px; padding: .8rem 1rem; overflow-x: auto; font: .85rem/1.5 var(--mono); margin: .75rem 0 1rem; white-space: pre-wrap; }
iframe { width: 100%; height: 34rem; border: 1px solid var(--line); border-radius: 8px; background: #fff; color-scheme: light; margin-top: .75rem; }
form { display: flex; flex-wrap: wrap; gap: .5rem; align-items: end; margin: 0 0 1.5rem; }
label { color: var(--soft); font-size: .9rem; display: grid; gap: .2rem; }
input, button { font: inherit; color: var(--ink); background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: .45rem .75rem; }
button { cursor: pointer; background: var(--accent); border-color: var(--accent); color: light-dark(#ffffff, #10201e); }
button:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.warning { border-left: 3px solid var(--bad); padding-left: .9rem; color: var(--ink); }
img.canvas { display: block; width: 100%; height: auto; border: 1px solid var(--line); border-radius: 8px; background: #fff; }
.card img.canvas { aspect-ratio: 16 / 9; object-fit: cover; object-position: center; margin-bottom: .9rem; }
.nodes { display: flex; flex-wrap: wrap; gap: .35rem .6rem; align-items: center; margin-top: .75rem; }
.nodes img { display: block; }
section.card { margin: 1.25rem 0; }
section.card form { margin: .9rem 0 0; align-items: center; }
.tag-bad { color: var(--bad); background: light-dark(#fbe9e7, #43211f); }
.numbers { display: grid; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); gap: 1rem; margin: 1.5rem 0; }
.numbers > div { border-left: 3px solid var(--accent); padding-left: .9rem; }
.numbers dt { color: var(--soft); font-size: .9rem; }
.numbers dd { margin: 0; font-size: 1.9rem; font-weight: 600; letter-spacing: -.02em; line-height: 1.2; font-variant-numeric: tabular-nums; }
.doors .card h2 { margin: 0; }
.doors form { margin: .9rem 0 0; flex-wrap: nowrap; }
.doors input { min-width: 0; flex: 1; }
ul.plain { list-style: none; padding: 0; margin: .9rem 0 0; display: grid; gap: .6rem; }
ul.plain .soft { display: block; font-size: .9rem; }
ul.cards + p { margin-top: 1.25rem; }
.empty { border: 1px dashed var(--line); border-radius: 12px; padding: 2.5rem 1.5rem; text-align: center; color: var(--soft); }
.empty p { margin-inline: auto; }
`;
