// What became of a file, as one letter: its shape says it, its colour helps.
import type { FileChange } from '@/protocol/generated/protocol';

const LOOKS: Record<FileChange, { letter: string; word: string; colour: string }> = {
  added: { letter: 'A', word: 'new', colour: 'text-ok' },
  deleted: { letter: 'D', word: 'deleted', colour: 'text-danger' },
  modified: { letter: 'M', word: 'changed', colour: 'text-accent' },
  renamed: { letter: 'R', word: 'renamed', colour: 'text-accent' },
  type_changed: { letter: 'T', word: 'another kind of thing', colour: 'text-warn' },
  conflicted: { letter: '!', word: 'in conflict', colour: 'text-warn' },
};

export function ChangeMark({ change }: { change: FileChange }) {
  const { letter, word, colour } = LOOKS[change];
  return (
    <span
      role="img"
      aria-label={word}
      title={word}
      className={`w-3 shrink-0 text-center font-mono text-tiny font-semibold ${colour}`}
    >
      {letter}
    </span>
  );
}
