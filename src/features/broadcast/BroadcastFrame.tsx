// What lies over the grid while broadcast is armed: an accent frame, the words that say so, and
// a field for the prompt. It changes no pane's size.
import { ListChecks, Radio, X } from 'lucide-react';
import { useCallback, useEffect, useRef } from 'react';
import { useStore } from 'zustand';
import { type Composer, PromptField } from '@/features/command-bar';
import { useKeysOf } from '@/features/keyboard';
import { IconButton, Keys } from '@/ui';
import type { Broadcast } from './broadcast';

interface BroadcastFrameProps {
  broadcast: Broadcast;
  composer: Composer;
  /** How many panes the prompt goes to. */
  count: number;
  onSend(submit: boolean): void;
  /** Some of the panes are to be chosen. */
  onChoose(): void;
  onDisarm(): void;
}

export function BroadcastFrame({ broadcast, count, ...rest }: BroadcastFrameProps) {
  const armed = useStore(broadcast.store, (state) => state.armed);
  return armed && count > 0 ? <Armed broadcast={broadcast} count={count} {...rest} /> : null;
}

function Armed({ broadcast, composer, count, onSend, onChoose, onDisarm }: BroadcastFrameProps) {
  const field = useRef<HTMLTextAreaElement>(null);
  const keep = useCallback(
    (element: HTMLTextAreaElement | null) => {
      field.current = element;
      broadcast.field = element;
    },
    [broadcast],
  );
  useEffect(() => field.current?.focus(), []);
  const keysOf = useKeysOf();
  return (
    <section
      aria-label="Broadcast"
      data-testid="broadcast"
      className="pointer-events-none absolute inset-0 z-20 flex items-end justify-center border-2 border-accent p-3"
    >
      <div className="pointer-events-auto flex w-[min(640px,100%)] flex-col gap-1.5 rounded-large bg-raised px-3.5 py-2.5 shadow-sheet">
        <div className="flex items-center gap-2 text-small">
          <Radio size={13} className="shrink-0 text-accent" aria-hidden />
          <span role="status" className="min-w-0 flex-1 truncate font-medium text-accent">
            {count === 1
              ? 'Next prompt goes to the one pane'
              : `Next prompt goes to all ${count} panes`}
          </span>
          {/* Any other key is no program's. */}
          {keysOf('broadcast') === 'Ctrl+b' && (
            <span
              aria-hidden
              className="flex items-center gap-1.5 text-tiny text-dim max-sm:hidden"
            >
              <Keys keys="Ctrl+b" /> to the program
            </span>
          )}
          <IconButton label="Choose panes" onClick={onChoose}>
            <ListChecks size={13} />
          </IconButton>
          <IconButton label="Disarm broadcast" keys="Esc" onClick={onDisarm}>
            <X size={14} />
          </IconButton>
        </div>
        <PromptField
          ref={keep}
          composer={composer}
          label="Prompt for all panes"
          placeholder="What are they to do?"
          onSend={onSend}
        />
      </div>
    </section>
  );
}
