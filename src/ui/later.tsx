// A part of the page that is loaded when it is first shown, or before that when there is time,
// so that the first frame waits for nothing that it does not show. Not React's `lazy`: what that
// has once shown to be missing, it holds back for 300 ms.
import { type ComponentType, useEffect, useState } from 'react';

/** A part that comes later. */
export type Later<P> = ComponentType<P> & {
  /** Loads it before it is shown. Rejects when it cannot be loaded. */
  expect(): Promise<void>;
};

const waiting: (() => Promise<void>)[] = [];

/**
 * What `load` brings, as a component that can be shown before it is there: then it leaves its
 * place empty, and says that it comes only when that takes long. `room`: classes by which the
 * place is as large as what will be there. What cannot be loaded fails where it is shown.
 */
export function later<P extends object>(
  load: () => Promise<{ default: ComponentType<P> }>,
  room = '',
): Later<P> {
  let loaded: ComponentType<P> | null = null;
  const expect = async () => {
    loaded ??= (await load()).default;
  };
  waiting.push(expect);
  // biome-ignore lint/correctness/noComponentHookFactories: made once for each module, as by `lazy`.
  function Later(props: P) {
    const [Part, setPart] = useState<ComponentType<P> | null>(() => loaded);
    const [failure, setFailure] = useState<{ reason: unknown } | null>(null);
    useEffect(() => {
      if (Part !== null) return;
      let isShown = true;
      expect().then(
        () => isShown && setPart(() => loaded),
        (reason) => isShown && setFailure({ reason }),
      );
      return () => {
        isShown = false;
      };
    }, [Part]);
    if (failure) throw failure.reason;
    if (Part) return <Part {...props} />;
    return <p className={`appear-late p-6 text-center text-dim ${room}`}>One moment…</p>;
  }
  return Object.assign(Later, { expect });
}

/** Loads every part that comes later, one after the other. Resolves when all are there. */
export async function loadParts(): Promise<void> {
  for (const expect of waiting) await expect();
}
