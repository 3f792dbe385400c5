// Waiting for something to be so, with an end. Nothing here sleeps in the hope that it is.

import { setTimeout as pause } from 'node:timers/promises';

/**
 * Asks `condition` until it answers something true, and answers that. A condition that throws
 * is not met yet. After `limit` milliseconds it fails and says what was awaited and what was
 * seen last.
 */
export async function waitFor(what, condition, limit = 10_000) {
  const deadline = performance.now() + limit;
  let last;
  for (;;) {
    try {
      last = await condition();
      if (last) return last;
    } catch (error) {
      last = error;
    }
    if (performance.now() > deadline) {
      const seen = last instanceof Error ? last.message : JSON.stringify(last);
      throw new Error(`waited ${limit} ms for ${what}; last: ${seen}`);
    }
    await pause(50);
  }
}

/** Answers what `promise` answers, or fails after `limit` milliseconds. */
export async function within(what, promise, limit) {
  const cancel = new AbortController();
  const late = pause(limit, undefined, { signal: cancel.signal }).then(() => {
    throw new Error(`${what} took longer than ${limit} ms`);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    cancel.abort();
    late.catch(() => {});
  }
}
