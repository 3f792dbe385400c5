// The daemon says why in a clause, as programs do; beside other sentences it has to be one.

/** A clause as a sentence. What begins with a name, a path or a quotation keeps its beginning. */
export function sentence(clause: string): string {
  const text = clause.trim();
  const begun = /^[a-z]+ /.test(text) ? text.charAt(0).toUpperCase() + text.slice(1) : text;
  return text === '' || /[.!?…:]["”)]?$/.test(begun) ? begun : `${begun}.`;
}
