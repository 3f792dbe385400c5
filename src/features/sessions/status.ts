// What a session does, in words: the state of its life and the status of its program as one
// thing, since that is what a person asks for. Every text of an agent is handed on as text.
import type {
  SessionInfo,
  StatusSource,
  StatusState,
  WaitingFor,
} from '@/protocol/generated/protocol';
import { clock } from './time';

/** What is shown of a session: its program's status, or that it was lost. */
export type Shown = StatusState | 'lost';

/** The one state that a session is shown in. */
export function shownState({ state, status }: SessionInfo): Shown {
  if (state === 'running') return status.state === 'exited' ? 'unknown' : status.state;
  return state;
}

/** It waits for a person. */
export function isWaiting(session: SessionInfo): boolean {
  return shownState(session) === 'waiting';
}

/** It has finished something that nobody has looked at. */
export function isDone(session: SessionInfo): boolean {
  return shownState(session) === 'done';
}

/** One word for lists: "working", "permission". Empty where there is nothing to say. */
export function stateWord(session: SessionInfo): string {
  const shown = shownState(session);
  if (shown === 'waiting') return waitingWord(session.status.waitingFor);
  return shown === 'idle' || shown === 'unknown' ? '' : shown;
}

/** What a session waits for, in a word. */
export function waitingWord(waitingFor: WaitingFor | null): string {
  return waitingFor === null ? 'waiting' : WAITS[waitingFor].word;
}

/** "Waits for permission", "Has a question". */
export function waitingPhrase(waitingFor: WaitingFor | null): string {
  return waitingFor === null ? 'Waits for you' : WAITS[waitingFor].phrase;
}

/** How a program ended, in words. */
export function describeExit(exitCode: number | null): string {
  return exitCode === null ? 'Exited' : `Exited with code ${exitCode}`;
}

export interface Description {
  /** What it does and since when: "Working since 12:04". */
  text: string;
  /** What its program says of it. */
  message: string | null;
  /** Where this is known from; null where there is nothing to doubt. */
  source: string | null;
}

/** `since`: when its state of life began, as far as that was seen. */
export function describeStatus(session: SessionInfo, since: number | undefined): Description {
  const { state, status, pid, exitCode, incompatible } = session;
  const from = since === undefined ? '' : ` since ${clock(since)}`;
  const at = since === undefined ? '' : ` at ${clock(since)}`;
  const plain = (text: string) => ({ text, message: null, source: null });
  if (state === 'exited') return plain(`${describeExit(exitCode)}${at}`);
  if (state === 'lost') return plain(`Lost${at}, when its process or the machine went down`);
  if (state === 'starting') return plain(`Starting${from}`);
  if (incompatible !== null) return plain(`Running${from}, in the shim of Synk ${incompatible}`);
  const shown = shownState(session);
  if (shown === 'unknown') {
    const process = pid === null ? '' : `, process ${pid}`;
    return {
      ...plain(`Running${from}${process}; what it does is not known`),
      message: status.message,
    };
  }
  const does = shown === 'waiting' ? waitingPhrase(status.waitingFor) : (DOES[shown] ?? shown);
  const begun = status.since > 0 ? ` since ${clock(status.since)}` : '';
  return { text: `${does}${begun}`, message: status.message, source: SOURCES[status.source] };
}

const WAITS: Record<WaitingFor, { word: string; phrase: string }> = {
  permission: { word: 'permission', phrase: 'Waits for permission' },
  question: { word: 'question', phrase: 'Waits for an answer' },
  auth: { word: 'sign-in', phrase: 'Waits to be signed in' },
};

const DOES: Partial<Record<Shown, string>> = {
  starting: 'Starting',
  working: 'Working',
  done: 'Done, not looked at yet,',
  idle: 'Ready for input',
};

const SOURCES: Record<StatusSource, string> = {
  session: 'known from Synk itself',
  program: 'reported by the program',
  hook: 'reported by its hook',
  file: 'read from its own files',
  title: 'read from its title',
  shell: 'marked by the shell',
  process: 'judged by its process',
  silence: 'judged by its silence',
};
