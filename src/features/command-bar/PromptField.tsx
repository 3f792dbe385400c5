// Where a prompt is written. It grows with its lines; Enter sends, Shift+Enter makes a line,
// Alt+Enter puts it into the program without Enter, and the arrows at its ends go through what
// was sent before. An input method that composes has all keys for itself.
import { type KeyboardEvent, type Ref, useImperativeHandle, useLayoutEffect, useRef } from 'react';
import { useStore } from 'zustand';
import type { Composer } from './composer';

interface PromptFieldProps {
  composer: Composer;
  placeholder: string;
  label: string;
  describedBy?: string | undefined;
  /** `submit`: press Enter after it. */
  onSend(submit: boolean): void;
  className?: string;
  ref?: Ref<HTMLTextAreaElement>;
}

/** The most that is shown without scrolling, in pixels. */
const TALLEST = 200;

export function PromptField(props: PromptFieldProps) {
  const { composer, onSend, className = '' } = props;
  const text = useStore(composer.store, (state) => state.text);
  const field = useRef<HTMLTextAreaElement>(null);
  useImperativeHandle(props.ref, () => field.current as HTMLTextAreaElement, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: its height follows its text.
  useLayoutEffect(() => {
    const element = field.current;
    if (!element) return;
    element.style.height = 'auto';
    element.style.height = `${Math.min(element.scrollHeight, TALLEST)}px`;
  }, [text]);

  const recall = (event: KeyboardEvent, step: 1 | -1) => {
    const element = field.current;
    if (!element || element.selectionStart !== element.selectionEnd) return;
    const before = text.slice(0, element.selectionStart);
    const after = text.slice(element.selectionStart);
    if ((step === 1 ? before : after).includes('\n')) return;
    if (!composer.recall(step)) return;
    event.preventDefault();
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || event.keyCode === 229) return;
    const { key, altKey, shiftKey, ctrlKey, metaKey } = event;
    if (ctrlKey || metaKey) return;
    if (key === 'Enter' && !shiftKey) {
      event.preventDefault();
      // A key that is held down sends once.
      if (!event.repeat) onSend(!altKey);
    }
    if (altKey || shiftKey) return;
    if (key === 'ArrowUp') recall(event, 1);
    if (key === 'ArrowDown') recall(event, -1);
  };

  return (
    <textarea
      ref={field}
      rows={1}
      aria-label={props.label}
      aria-describedby={props.describedBy}
      data-testid="prompt"
      data-home
      value={text}
      placeholder={props.placeholder}
      spellCheck={false}
      autoComplete="off"
      className={`block w-full resize-none bg-transparent text-ink outline-none placeholder:text-dim ${className}`}
      onChange={(event) => composer.write(event.target.value)}
      onKeyDown={onKeyDown}
    />
  );
}
