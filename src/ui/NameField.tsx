// A name while it is being changed in its place. Enter keeps it, Escape and leaving it empty do
// not.
import { type KeyboardEvent, useEffect, useRef } from 'react';

/** The longest name that anything may have, in characters. */
const MAX_NAME_LENGTH = 64;

interface NameFieldProps {
  name: string;
  /** What it is the name of. */
  label: string;
  /** Called with a name that is new and not empty. */
  onRename(name: string): void;
  /** `byKey`: the person ended it, rather than going elsewhere. */
  onEnd(byKey: boolean): void;
  className?: string;
}

export function NameField({ name, label, onRename, onEnd, className = '' }: NameFieldProps) {
  const input = useRef<HTMLInputElement>(null);
  // Ending removes the field, which takes its focus: that must not count as leaving it.
  const ended = useRef(false);
  useEffect(() => {
    input.current?.focus();
    input.current?.select();
  }, []);

  const end = (keep: boolean, byKey: boolean) => {
    if (ended.current) return;
    ended.current = true;
    const next = input.current?.value.trim() ?? '';
    if (keep && next !== '' && next !== name) onRename(next);
    onEnd(byKey);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || event.keyCode === 229) return;
    if (event.key !== 'Enter' && event.key !== 'Escape') return;
    // Ending moves the focus, and the rest of this key would go to who has it then.
    event.preventDefault();
    end(event.key === 'Enter', true);
  };

  return (
    <input
      ref={input}
      defaultValue={name}
      aria-label={label}
      // Escape ends it, and no more.
      data-keeps-escape
      maxLength={MAX_NAME_LENGTH}
      spellCheck={false}
      className={`h-5 w-36 min-w-0 rounded-small bg-hover px-1 text-small text-ink ${className}`}
      onKeyDown={onKeyDown}
      onBlur={() => end(true, false)}
    />
  );
}
