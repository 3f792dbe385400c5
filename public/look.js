// Runs before anything is drawn, so that the first frame has the theme of the last time. It is a
// file of its own because the content policy allows no script in the page. From then on
// src/features/appearance/look.ts does this, and remembers it.
(() => {
  let last = null;
  try {
    last = JSON.parse(localStorage.getItem('synk.look') ?? 'null');
  } catch {
    // What cannot be read is as good as nothing; the settings come in a moment.
  }
  const has = (query) => matchMedia(query).matches;
  const { theme, reduceMotion } = last ?? {};
  const { dataset } = document.documentElement;
  dataset.theme = ['dark', 'light', 'high_contrast'].includes(theme)
    ? theme
    : has('(prefers-color-scheme: light)')
      ? 'light'
      : 'dark';
  const still = has('(prefers-reduced-motion: reduce)')
    ? reduceMotion !== 'never'
    : reduceMotion === 'always';
  dataset.motion = still ? 'reduced' : 'full';
})();
