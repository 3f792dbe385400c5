// Where xterm lives: a shadow root of its own. Each xterm brings hundreds of rules and forces a
// layout when it opens; in the page's own tree every other terminal's would be worked out again
// each time. With twelve panes the window could be used after 1.3 s where it took 1.7.
import css from './terminal.css?inline';

/** A place in the host's shadow root for one xterm, and no other. */
export function openRoot(host: HTMLElement): HTMLElement {
  const root = host.shadowRoot ?? host.attachShadow({ mode: 'open' });
  const style = document.createElement('style');
  style.textContent = css;
  const place = document.createElement('div');
  place.className = 'place';
  root.replaceChildren(style, place);
  // From outside, whatever is in it is this element: a key that goes to it is the terminal's.
  host.dataset.terminal = '';
  return place;
}

/** Empties it for the next one. */
export function closeRoot(host: HTMLElement): void {
  host.shadowRoot?.replaceChildren();
  delete host.dataset.terminal;
}
