// What a page has and jsdom has not, and what no test may leave behind.
import { cleanup, configure } from '@testing-library/react';
import { afterEach, vi } from 'vitest';

/** How long something may take to become so, in milliseconds. Only what never does takes it. */
const PATIENCE_MS = 20_000;

configure({
  // The whole page in a failure's message hides what failed.
  getElementError: (message) => new Error(message ?? 'not found'),
  asyncUtilTimeout: PATIENCE_MS,
});

// Vitest's own gives up after a second, and cannot be told otherwise for all.
const { waitFor } = vi;
vi.waitFor = (callback, options) => waitFor(callback, options ?? PATIENCE_MS);

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

// jsdom lets what is in a shadow root keep the focus when that goes, and then knows no element
// that has it; a browser gives it to the body.
const activeElement = Object.getOwnPropertyDescriptor(Document.prototype, 'activeElement');
Object.defineProperty(Document.prototype, 'activeElement', {
  ...activeElement,
  get(this: Document) {
    return activeElement?.get?.call(this) ?? this.body;
  },
});

afterEach(() => {
  cleanup();
  localStorage.clear();
});
