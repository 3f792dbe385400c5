// A part of the page that is loaded when it is first shown, or before that when there is time,
// so that the first frame waits for nothing that it does not show.
import { type ComponentType, lazy, Suspense, useState } from 'react';

const waiting: (() => Promise<void>)[] = [];

/**
 * What `load` brings, as a component that can be shown before it is there: then it leaves its
 * place empty, and says that it comes only when that takes long. `room`: classes by which the
 * place is as large as what will be there.
 */
export function later<P extends object>(
  load: () => Promise<{ default: ComponentType<P> }>,
  room = '',
): ComponentType<P> {
  let loaded: ComponentType<P> | null = null;
  const bring = async () => {
    const part = await load();
    loaded = part.default;
    return part;
  };
  const Coming = lazy(bring);
  waiting.push(async () => {
    await bring();
  });
  // biome-ignore lint/correctness/noComponentHookFactories: made once for each module, as by `lazy`.
  return function Later(props: P) {
    // Whichever it began with it keeps, so that what is there is never taken out again.
    const [Part] = useState<ComponentType<P>>(() => loaded ?? Coming);
    return (
      <Suspense
        fallback={<p className={`appear-late p-6 text-center text-dim ${room}`}>One moment…</p>}
      >
        <Part {...props} />
      </Suspense>
    );
  };
}

/** Loads every part that comes later, one after the other. Resolves when all are there. */
export async function loadParts(): Promise<void> {
  for (const bring of waiting) await bring();
}
