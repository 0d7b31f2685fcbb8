/** Words that neither a variable of TypeScript nor a table or schema of PostgreSQL can be called by without quotes. */
export const RESERVED_WORDS: ReadonlySet<string> = new Set(
  `
  arguments async await boolean break case catch class const continue debugger default delete else enum eval export extends false finally for
  function if implements import in instanceof interface let new null number object package private protected public return static string
  super switch symbol this throw true try type typeof undefined var void while with yield
  all analyse analyze and any array as asc asymmetric both cast check collate column constraint create current desc distinct do end except fetch
  foreign from grant group having initially intersect into join lateral leading left like limit localtime natural not offset on only or
  order outer placing primary references right select session some table then to trailing union unique user using variadic
  view when where window
  `
    .trim()
    .split(/\s+/),
);
