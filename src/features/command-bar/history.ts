// The prompts that were sent, the newest last, kept in the web view's own storage. What is very
// long is not kept: it came from a file and is still there.

const STORAGE_KEY = 'synk.prompts';
const MOST_PROMPTS = 100;
/** The longest prompt that is kept, in UTF-16 units. */
const LONGEST = 8 * 1024;

export class PromptHistory {
  #prompts: string[];

  constructor(private readonly storage: Storage = localStorage) {
    this.#prompts = restore(storage);
  }

  get length(): number {
    return this.#prompts.length;
  }

  /** The prompt that was sent so many prompts ago, from 1. */
  ago(count: number): string | undefined {
    return this.#prompts.at(-count);
  }

  add(prompt: string): void {
    if (prompt.length > LONGEST || prompt === this.#prompts.at(-1)) return;
    this.#prompts = [...this.#prompts, prompt].slice(-MOST_PROMPTS);
    try {
      this.storage.setItem(STORAGE_KEY, JSON.stringify(this.#prompts));
    } catch (reason) {
      console.warn('the prompts that were sent could not be kept', reason);
    }
  }
}

function restore(storage: Storage): string[] {
  const text = storage.getItem(STORAGE_KEY);
  if (text === null) return [];
  try {
    const stored: unknown = JSON.parse(text);
    if (!Array.isArray(stored)) throw new Error('it is no list');
    return stored.filter((each) => typeof each === 'string').slice(-MOST_PROMPTS);
  } catch (reason) {
    console.warn('the prompts that were sent could not be read', reason);
    return [];
  }
}
