// What becomes of a bell: the header of its pane lights up, or a short tone. A program that rings
// without end neither flickers nor drones.
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { TerminalStyle } from './style';

/** The least time from one tone to the next, and how long one is, in milliseconds. */
const PAUSE_MS = 500;
const TONE_MS = 120;
/** In hertz. */
const PITCH = 740;
/** How loud, from 0 to 1. */
const VOLUME = 0.15;

export class Bells {
  /** The sessions whose bell is on show. */
  readonly store: StoreApi<{ rung: number[] }> = createStore(() => ({ rung: [] }));
  #audio: AudioContext | null = null;
  #last = Number.NEGATIVE_INFINITY;

  constructor(readonly style: TerminalStyle) {}

  ring(sessionId: number): void {
    const { bell } = this.style.store.getState();
    if (bell === 'sound') this.#sound();
    if (bell !== 'visual') return;
    this.store.setState(({ rung }) =>
      rung.includes(sessionId) ? {} : { rung: [...rung, sessionId] },
    );
  }

  /** It was on show for long enough, or the person has turned to the pane. */
  heard(sessionId: number): void {
    if (!this.store.getState().rung.includes(sessionId)) return;
    this.store.setState(({ rung }) => ({ rung: rung.filter((each) => each !== sessionId) }));
  }

  #sound(): void {
    const now = performance.now();
    if (now - this.#last < PAUSE_MS) return;
    this.#last = now;
    this.#audio ??= new AudioContext();
    const audio = this.#audio;
    const tone = audio.createOscillator();
    const gain = audio.createGain();
    const end = audio.currentTime + TONE_MS / 1000;
    tone.frequency.value = PITCH;
    gain.gain.setValueAtTime(VOLUME, audio.currentTime);
    // It dies away, so that its end is no click.
    gain.gain.exponentialRampToValueAtTime(0.001, end);
    tone.connect(gain).connect(audio.destination);
    tone.start();
    tone.stop(end);
  }
}
