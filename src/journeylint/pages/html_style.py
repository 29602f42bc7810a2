"""The one stylesheet of the pages: light and dark, wide and narrow, on paper; no fonts or pictures from elsewhere."""

STYLE = """\
:root {
  color-scheme: light dark;
  --text: #1c2024; --soft: #5b6470; --line: #d9dee4; --page: #ffffff; --panel: #f5f7f9; --link: #0b57b0;
  --error: #b42318; --warning: #8a5200; --info: #175cd3; --bad: #fdecea; --bad-edge: #b42318; --good-edge: #1a7f4b;
}
@media (prefers-color-scheme: dark) {
  :root {
    --text: #e6e9ed; --soft: #a3acb8; --line: #363d46; --page: #14171b; --panel: #1d2127; --link: #8ab8ff;
    --error: #ff9a8f; --warning: #f2bd6b; --info: #93bbff; --bad: #43211e; --bad-edge: #ff9a8f; --good-edge: #6cd19b;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; color: var(--text); background: var(--page);
  font: 1rem/1.6 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  overflow-wrap: break-word;
}
header, main, footer { max-width: 62rem; margin: 0 auto; padding: 0 1.25rem; }
header { padding-top: 1rem; font-size: .9rem; }
footer { margin-top: 3rem; padding-top: 1rem; padding-bottom: 2rem; color: var(--soft); font-size: .85rem; }
footer { border-top: 1px solid var(--line); }
nav { color: var(--soft); }
main > p, main > ul, dl { max-width: 46rem; }
a { color: var(--link); text-underline-offset: .15em; }
a:focus-visible, summary:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
h1 { font-size: 1.9rem; line-height: 1.25; margin: 1rem 0 .5rem; max-width: 46rem; text-wrap: balance; }
h2 { font-size: 1.25rem; line-height: 1.3; margin: 2.25rem 0 .5rem; }
h3 { font-size: 1rem; margin: 0 0 .5rem; }
.lead { font-size: 1.1rem; color: var(--soft); margin-top: 0; }
.id { font-family: ui-monospace, Consolas, "DejaVu Sans Mono", monospace; font-size: .95rem; }
.id { color: var(--soft); margin: 1.5rem 0 0; }
.severity { font-weight: 600; }
.preset { color: var(--soft); }
.error { color: var(--error); } .warning { color: var(--warning); } .info { color: var(--info); }
.note { border-left: 4px solid var(--warning); background: var(--panel); padding: .5rem 1rem; max-width: 46rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1.25rem; margin: 1rem 0; }
dt { color: var(--soft); } dd { margin: 0; min-width: 0; }
code, pre { font-family: ui-monospace, Consolas, "DejaVu Sans Mono", monospace; font-size: .9em; }
code { overflow-wrap: anywhere; }
pre {
  margin: .5rem 0; padding: .75rem 0; line-height: 1.5; background: var(--panel); border: 1px solid var(--line);
  border-radius: 6px; overflow-x: auto;
}
pre > code { display: block; width: max-content; min-width: 100%; padding: 0 1rem; overflow-wrap: normal; }
pre.wraps > code { width: auto; white-space: pre-wrap; overflow-wrap: anywhere; }
.line { display: block; margin: 0 -1rem; padding: 0 1rem 0 .75rem; border-left: .25rem solid transparent; min-height: 1.5em; }
.marked { color: inherit; background: var(--bad); border-left-color: var(--bad-edge); text-decoration: none; }
.examples { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(26rem, 100%), 1fr)); gap: 0 1.5rem; }
.examples > section { min-width: 0; }
.examples h3 { margin-top: 1rem; padding-left: .6rem; border-left: .25rem solid var(--good-edge); }
.examples .fails h3 { border-left-color: var(--bad-edge); }
.finding { margin: .5rem 0; } .finding b { font-weight: 600; color: var(--soft); }
.scrolls { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; margin: .5rem 0; font-size: .95rem; }
th, td { text-align: left; vertical-align: top; padding: .5rem .75rem .5rem 0; border-bottom: 1px solid var(--line); }
th { color: var(--soft); font-weight: 600; } td > code { white-space: nowrap; }
.list th:first-child { width: 7rem; } .list th:nth-child(2) { width: 7rem; }
nav ul { list-style: none; padding: 0; margin: 2rem 0 0; }
details { margin: 1rem 0; } summary { cursor: pointer; font-weight: 600; }
summary h2 { display: inline; }
.step { margin: .75rem 0 0; color: var(--soft); }
.skip { position: absolute; left: -99rem; } .skip:focus { position: static; }
@media (max-width: 40rem) {
  h1 { font-size: 1.5rem; } dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: .5rem; }
  .list thead { position: absolute; left: -99rem; }
  .list tr { display: block; padding: .6rem 0; border-bottom: 1px solid var(--line); }
  .list td { display: inline; border: 0; padding: 0 .5rem 0 0; } .list td:last-child { display: block; }
}
@media print {
  header, .skip { display: none; } a { color: inherit; } pre, tr { break-inside: avoid; } h2, h3 { break-after: avoid; }
  .marked { print-color-adjust: exact; } pre > code { width: auto; white-space: pre-wrap; }
}
"""
