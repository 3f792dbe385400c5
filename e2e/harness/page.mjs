// What runs in the page, to read it: as the tests see it, without the page's help.

/** Runs in the page: every pane as the page shows it. */
export const readPanes = () =>
  [...document.querySelectorAll('[data-testid="pane"]')].map((pane) => {
    const { x, y, width, height } = pane.getBoundingClientRect();
    return {
      sessionId: Number(pane.dataset.sessionId),
      paneIndex: Number(pane.dataset.paneIndex),
      focused: pane.dataset.focused === 'true',
      zoomed: pane.dataset.zoomed === 'true',
      state: pane.dataset.state,
      /** What is shown of its program: "working", "waiting" … */
      status: pane.dataset.status,
      cost: pane.querySelector('[data-testid="cost"]')?.textContent,
      queued: Number(pane.querySelector('[data-testid="queue"]')?.textContent ?? 0),
      /** That others change the same files, as it is called; with how many. */
      overlap: pane.querySelector('[data-testid="overlap"]')?.getAttribute('aria-label'),
      inWorktree: pane.querySelector('header [aria-label="In a worktree of its own"]') !== null,
      live: pane.querySelector('[data-testid="live"]')?.getAttribute('aria-pressed') === 'true',
      dimmed: pane.querySelector('.terminal-host')?.dataset.dimmed === 'true',
      /** Whether a line in it was looked for and is highlighted. */
      highlighted: Boolean(
        pane.querySelector('.terminal-host')?.shadowRoot?.querySelector('.xterm-decoration'),
      ),
      // biome-ignore lint/performance/useDomNodeTextContent: the words as they are seen, apart.
      text: pane.innerText,
      x,
      y,
      width,
      height,
    };
  });

/** Runs in the page: the command bar; null while it is closed. */
export const readCommandBar = () => {
  const bar = document.querySelector('[data-testid="command-bar"]');
  if (!bar) return null;
  return {
    prompt: bar.querySelector('[data-testid="prompt"]').value,
    focused: document.activeElement?.dataset.testid === 'prompt',
    targets: [...bar.querySelectorAll('[data-testid="target"]')].map((target) => ({
      sessionId: Number(target.dataset.sessionId),
      chosen: target.getAttribute('aria-pressed') === 'true',
      receipt: target.querySelector('[data-testid="receipt"]')?.dataset.receipt ?? null,
      text: target.textContent,
    })),
    outcome: bar.querySelector('section')?.textContent ?? '',
    problem: bar.querySelector('p[role="alert"]')?.textContent ?? null,
  };
};

/** Runs in the page: whether an element stands still from one frame to the next but one. */
export const standsStill = (element, done) => {
  const place = () => {
    const { x, y, width, height } = element.getBoundingClientRect();
    return `${x} ${y} ${width} ${height}`;
  };
  const before = place();
  requestAnimationFrame(() => requestAnimationFrame(() => done(place() === before)));
};

/** Where a session's pane is. */
export const paneSelector = (id) => `[data-testid="pane"][data-session-id="${id}"]`;
