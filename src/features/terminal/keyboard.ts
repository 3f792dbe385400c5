// Who has the keyboard in the page, for whoever is to be given it later than it was asked for.

/** What has the keyboard now; the page itself when nothing does. */
export function keyboardHolder(): Element {
  return document.activeElement ?? document.body;
}

/** Whether nobody else has taken the keyboard since `holder` had it. */
export function isUntaken(holder: Element): boolean {
  const now = keyboardHolder();
  return now === holder || now === document.body;
}
