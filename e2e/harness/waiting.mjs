// Waiting for something to be so, with an end. Nothing here sleeps in the hope that it is.

import { setTimeout as pause } from 'node:timers/promises';

/** How long anything may take. Far more than it does, so that a busy machine fails nothing. */
const PATIENCE_MS = 30_000;

/**
 * Asks `condition` until it answers something true, and answers that. A condition that throws
 * is not met yet. After `limit` milliseconds it fails and says what was awaited and what was
 * seen last.
 */
export async function waitFor(what, condition, limit = PATIENCE_MS) {
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
export async function within(what, promise, limit = PATIENCE_MS) {
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
