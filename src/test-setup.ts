// What a page has and jsdom has not, and what no test may leave behind.
import { cleanup, configure } from '@testing-library/react';
import { afterEach } from 'vitest';

configure({
  // The whole page in a failure's message hides what failed.
  getElementError: (message) => new Error(message ?? 'not found'),
  asyncUtilTimeout: 10_000,
});

class NoResizeObserver implements ResizeObserver {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}

window.ResizeObserver ??= NoResizeObserver;
window.matchMedia ??= (media) =>
  Object.assign(new EventTarget(), {
    media,
    matches: false,
    onchange: null,
    addListener: () => {},
    removeListener: () => {},
  });
Element.prototype.scrollIntoView ??= () => {};
Element.prototype.hasPointerCapture ??= () => false;
Element.prototype.setPointerCapture ??= () => {};

afterEach(() => {
  cleanup();
  localStorage.clear();
});
