// A list of texts: each can be taken out, and one more can be written below.
import { X } from 'lucide-react';
import { type KeyboardEvent, useState } from 'react';
import { Button, IconButton } from '@/ui';
import type { ListControl } from './records/record';

interface ListFieldProps {
  label: string;
  control: ListControl;
  value: string[];
  /** Whether the last value was refused. */
  invalid: boolean;
  /** Ids of what explains it. */
  describedBy: string;
  onChange(value: string[]): void;
}

export function ListField(props: ListFieldProps) {
  const { label, control, value, invalid, describedBy, onChange } = props;
  const [draft, setDraft] = useState('');
  const next = draft.trim();
  const canAdd = next !== '' && !value.includes(next);
  const add = () => {
    if (!canAdd) return;
    setDraft('');
    onChange([...value, next]);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || event.keyCode === 229) return;
    if (event.key === 'Enter') add();
  };
  return (
    <div className="flex w-full min-w-0 flex-col gap-1.5 text-small">
      {value.length === 0 ? (
        <p className="text-dim">{control.none}</p>
      ) : (
        <ul aria-label={label} className="flex flex-col">
          {value.map((text) => (
            <li key={text} className="flex min-h-7 items-center gap-2">
              <span className="min-w-0 truncate font-mono text-ink select-text" title={text}>
                {text}
              </span>
              <IconButton
                label={`Take out ${text}`}
                onClick={() => onChange(value.filter((each) => each !== text))}
              >
                <X size={13} />
              </IconButton>
            </li>
          ))}
        </ul>
      )}
      <span className="flex gap-2">
        <input
          aria-label={`${label}: one more ${control.one}`}
          aria-describedby={describedBy}
          aria-invalid={invalid || undefined}
          value={draft}
          placeholder={control.example}
          spellCheck={false}
          autoComplete="off"
          className={`h-7 min-w-0 flex-1 rounded-medium border bg-surface px-2 font-mono text-small text-ink placeholder:text-dim ${invalid ? 'border-danger' : 'border-line'}`}
          onChange={(event) => setDraft(event.target.value)}
          onKeyDown={onKeyDown}
        />
        <Button disabled={!canAdd} className="disabled:opacity-40" onClick={add}>
          Add
        </Button>
      </span>
    </div>
  );
}
