// The search box of a pane: text, count, next and previous. What is found is the terminal's.
import { ChevronDown, ChevronUp, X } from 'lucide-react';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { IconButton } from '@/ui';

export interface SearchResults {
  /** Of the active match; -1 when there is none. */
  index: number;
  count: number;
}

interface SearchBoxProps {
  /** Another number asks for the keyboard again. */
  asked: number;
  results: SearchResults;
  onFind(text: string, direction: 'next' | 'previous', incremental: boolean): void;
  onClose(): void;
}

export function SearchBox({ asked, results, onFind, onClose }: SearchBoxProps) {
  const [text, setText] = useState('');
  const input = useRef<HTMLInputElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each request is a reason of its own.
  useEffect(() => {
    input.current?.focus();
    input.current?.select();
  }, [asked]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || event.keyCode === 229) return;
    if (event.key === 'Escape') {
      event.preventDefault();
      onClose();
    }
    if (event.key === 'Enter') {
      event.preventDefault();
      onFind(text, event.shiftKey ? 'previous' : 'next', false);
    }
  };

  return (
    <search
      aria-label="Search in this pane"
      className="absolute top-1 right-3 z-10 flex h-8 items-center gap-1 rounded-medium bg-raised pr-1 pl-2 shadow-sheet"
    >
      <input
        ref={input}
        value={text}
        aria-label="Search text"
        placeholder="Search"
        spellCheck={false}
        className="h-6 w-40 rounded-small bg-transparent px-1 text-small outline-offset-0 placeholder:text-dim"
        onChange={(event) => {
          setText(event.target.value);
          onFind(event.target.value, 'next', true);
        }}
        onKeyDown={onKeyDown}
      />
      <span role="status" className="min-w-12 text-right text-tiny text-dim tabular-nums">
        {text !== '' && describe(results)}
      </span>
      <IconButton
        label="Previous match"
        keys="Shift+Enter"
        onClick={() => onFind(text, 'previous', false)}
      >
        <ChevronUp size={14} />
      </IconButton>
      <IconButton label="Next match" keys="Enter" onClick={() => onFind(text, 'next', false)}>
        <ChevronDown size={14} />
      </IconButton>
      <IconButton label="Close search" keys="Esc" onClick={onClose}>
        <X size={14} />
      </IconButton>
    </search>
  );
}

function describe({ index, count }: SearchResults): string {
  if (count === 0) return 'No match';
  return index < 0 ? `${count}` : `${index + 1} of ${count}`;
}
