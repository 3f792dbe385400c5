// When something that had the keyboard leaves the page. Radix tells of it with a timer, after
// the element is gone; what is typed until then would be nobody's. This tells in the same turn.
import type { RefCallback } from 'react';
import { useEffectEvent, useState } from 'react';

/** A ref for an element: once it has left the page, `onGone` is called, before anything else. */
export function useGone(onGone: () => void): RefCallback<HTMLElement> {
  const tell = useEffectEvent(onGone);
  const [ref] = useState(() => (element: HTMLElement | null) => {
    if (element === null) return;
    // React lets go of an element just before it takes it out of the page.
    return () => queueMicrotask(() => element.isConnected || tell());
  });
  return ref;
}
