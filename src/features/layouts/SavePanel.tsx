// Saving what is open as a layout: its name, and whether values are kept that may be secret.
import { type FormEvent, useEffect, useId, useRef, useState } from 'react';
import { Button, Checkbox, Keys, sentence } from '@/ui';
import type { Layouts } from './store';

export interface SavePanelProps {
  layouts: Layouts;
  /** "4 panes in 2 workspaces". */
  what: string;
  onSaved(name: string): void;
  /** It was not saved, and why; the panel that would say so is gone by now. */
  onLost(message: string): void;
  onClose(): void;
}

/** The longest name that a layout may have, in characters. */
const LONGEST_NAME = 64;

export default function SavePanel({ layouts, what, onSaved, onLost, onClose }: SavePanelProps) {
  const [name, setName] = useState('');
  const [withValues, setWithValues] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');
  /** The name that another layout has, which is to be replaced or not. */
  const [taken, setTaken] = useState<string | null>(null);
  const field = useRef<HTMLInputElement>(null);
  const keep = useRef<HTMLButtonElement>(null);
  const hint = useId();
  useEffect(() => field.current?.focus(), []);
  useEffect(() => {
    if (taken !== null) keep.current?.focus();
  }, [taken]);
  const trimmed = name.trim();

  const save = async (replace: boolean) => {
    setBusy(true);
    setProblem('');
    const saved = await layouts.save({
      ...(trimmed !== '' && { name: trimmed }),
      ...(replace && { replace }),
      ...(withValues && { envValues: true }),
    });
    setBusy(false);
    if (saved.ok) onSaved(trimmed);
    else if (field.current === null) onLost(saved.message);
    else if (saved.conflict && !replace) setTaken(trimmed);
    else setProblem(saved.message);
  };
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    if (!busy && taken === null) void save(false);
  };
  const cancel = () => {
    setTaken(null);
    field.current?.focus();
  };

  return (
    <form onSubmit={onSubmit} className="flex flex-col">
      <h2 className="flex h-11 shrink-0 items-center border-b border-line px-4 text-large font-medium text-ink">
        Save layout
      </h2>
      <div className="flex flex-col gap-3 px-4 py-4 text-small">
        <p className="text-dim">
          {what}: agents, folders, branches and their places. Restored later, agents start afresh.
        </p>
        <label className="flex flex-col gap-1 text-dim">
          Name
          <input
            ref={field}
            value={name}
            maxLength={LONGEST_NAME}
            placeholder="The day and the time"
            spellCheck={false}
            autoComplete="off"
            aria-describedby={problem === '' ? undefined : hint}
            aria-invalid={problem !== '' || undefined}
            className={`h-8 rounded-medium border bg-surface px-2.5 text-base text-ink placeholder:text-dim ${problem === '' ? 'border-line' : 'border-danger'}`}
            onChange={(event) => {
              setName(event.target.value);
              setTaken(null);
              setProblem('');
            }}
          />
        </label>
        {problem !== '' && (
          <p id={hint} role="alert" className="break-words text-danger select-text">
            {sentence(problem)}
          </p>
        )}
        <Checkbox checked={withValues} onChange={setWithValues}>
          Keep the values of environment variables
        </Checkbox>
        {withValues && (
          <p role="status" className="rounded-medium bg-warn-soft px-2.5 py-1.5 text-warn">
            They are stored readable in the layout’s file. Leave it off where they are secret.
          </p>
        )}
      </div>
      {taken === null ? (
        <footer className="flex justify-end gap-2 border-t border-line px-4 py-3">
          <Button onClick={onClose}>
            Cancel
            <Keys keys="Esc" />
          </Button>
          <Button type="submit" primary disabled={busy} className="disabled:opacity-40">
            {busy ? 'Saving…' : 'Save'}
          </Button>
        </footer>
      ) : (
        <footer
          role="alertdialog"
          aria-label={`Replace ${taken}?`}
          className="flex flex-wrap items-center justify-end gap-2 border-t border-line px-4 py-3 text-small"
        >
          <p className="min-w-40 flex-1 break-words text-ink">
            A layout is called <span className="font-medium">{taken}</span> already. Replace it?
          </p>
          <Button danger disabled={busy} onClick={() => void save(true)}>
            {busy ? 'Replacing…' : 'Replace'}
          </Button>
          <Button ref={keep} onClick={cancel}>
            Keep it
          </Button>
        </footer>
      )}
    </form>
  );
}
