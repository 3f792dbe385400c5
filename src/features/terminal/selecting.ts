// When the mouse has selected something in a terminal: once its button is let go, and not for
// each cell on the way. What a search or a program selects is nobody's choice.
import type { Terminal } from '@xterm/xterm';

/** Calls back with the text. The result ends it. */
export function onSelected(
  terminal: Terminal,
  host: HTMLElement,
  tell: (text: string) => void,
): () => void {
  let pressed = false;
  let changed = false;
  const onDown = () => {
    pressed = true;
    changed = false;
  };
  const onUp = () => {
    const text = pressed && changed ? terminal.getSelection() : '';
    pressed = false;
    if (text !== '') tell(text);
  };
  const selection = terminal.onSelectionChange(() => {
    changed = true;
  });
  host.addEventListener('mousedown', onDown, { capture: true });
  // xterm hears of it on the document, and knows by then what is selected.
  window.addEventListener('mouseup', onUp);
  return () => {
    selection.dispose();
    host.removeEventListener('mousedown', onDown, { capture: true });
    window.removeEventListener('mouseup', onUp);
  };
}
