// When something that had the keyboard leaves the page. Radix tells of it with a timer, after
// the element is gone; what is typed until then would be nobody's. This tells in the same turn.
import type { RefCallback } from 'react';
import { useEffectEvent, useState } from 'react';

/**
 * A ref for an element: once it has left the page, `onGone` is called, before anything else, with
 * what had the keyboard when the element came.
 */
export function useGone(onGone: (before: Element | null) => void): RefCallback<HTMLElement> {
  const tell = useEffectEvent(onGone);
  const [ref] = useState(() => {
    let before: Element | null = null;
    return (element: HTMLElement | null) => {
      if (element === null) return;
      // While it is developed, React gives an element twice: then what is in it has the keyboard.
      if (!element.contains(document.activeElement)) before = document.activeElement;
      // React lets go of an element just before it takes it out of the page.
      return () => queueMicrotask(() => element.isConnected || tell(before));
    };
  });
  return ref;
}
