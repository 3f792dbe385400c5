// One setting: its words, its control, the way back to its default, and why its last change was
// refused.
import { RotateCcw } from 'lucide-react';
import { useEffect, useId, useRef, useState } from 'react';
import { IconButton } from '@/ui';
import type { Control, Setting, Value } from './records';
import { type Surroundings, ValueControl } from './ValueControl';

interface SettingRowProps extends Surroundings {
  setting: Setting;
  value: Value;
  refused: string | undefined;
  /** `now`: it will not change again in a moment. */
  onChange(value: Value, now: boolean): void;
}

/** What takes the whole width of the page. */
const WIDE = ['text', 'entries', 'list', 'palettes', 'arguments', 'keys'];
/** What has no default to go back to, or a way of its own. */
const KEPT = ['entries', 'palettes', 'keys'];

export function SettingRow({ setting, value, refused, onChange, ...around }: SettingRowProps) {
  const { id, label, about, control, byDefault } = setting;
  const [draft, setDraft] = useState<string | null>(null);
  const complaint = useRef<HTMLParagraphElement>(null);
  const row = useRef<HTMLLIElement>(null);
  const told = useId();
  const wrong = useId();
  const problem = draft ?? refused;
  const remark = control.kind === 'text' ? control.remark?.(String(value)) : undefined;
  // What is wrong is of no use below the edge of the page.
  useEffect(() => {
    if (problem !== undefined) complaint.current?.scrollIntoView({ block: 'nearest' });
  }, [problem]);
  const isText = control.kind === 'text';
  const isWide = WIDE.includes(control.kind) || hasManyWords(control);
  const hasDefault = byDefault !== null && !KEPT.includes(control.kind);
  const canReset = hasDefault && JSON.stringify(value) !== JSON.stringify(byDefault);
  return (
    <li
      ref={row}
      data-setting={id}
      className="grid grid-cols-1 items-center gap-x-8 gap-y-1.5 border-b border-line py-3 last:border-b-0 sm:grid-cols-[minmax(0,1fr)_auto]"
    >
      <div className={`min-w-0 ${isWide ? 'sm:col-span-2' : ''}`}>
        <div className="flex min-h-5 items-center gap-1.5 text-ink">
          {label}
          {canReset && (
            <IconButton
              label={`Reset to default: ${label}`}
              className="size-5!"
              onClick={() => {
                onChange(byDefault, true);
                // The button is about to go.
                row.current?.querySelector<HTMLElement>(CONTROLS)?.focus();
              }}
            >
              <RotateCcw size={11} />
            </IconButton>
          )}
        </div>
        <p id={told} className="text-small text-dim">
          {about}
          {isText && ` ${control.empty}`}
        </p>
      </div>
      <div
        data-control
        className={`flex min-h-7 items-center ${isWide ? 'sm:col-span-2' : 'sm:justify-end'}`}
      >
        <ValueControl
          setting={setting}
          value={value}
          invalid={problem !== undefined}
          describedBy={problem === undefined ? told : `${told} ${wrong}`}
          onDraft={setDraft}
          onChange={onChange}
          {...around}
        />
      </div>
      {remark && <p className="text-small text-warn sm:col-span-2">{remark}</p>}
      {problem !== undefined && (
        <p
          ref={complaint}
          id={wrong}
          role="alert"
          className={`text-small break-words text-danger select-text sm:col-span-2 ${isText ? 'font-mono whitespace-pre-wrap' : ''}`}
        >
          {problem}
        </p>
      )}
    </li>
  );
}

/** What takes the keyboard in a row's control. */
const CONTROLS =
  '[data-control] :is(input, [role="slider"], [role="switch"], [role="radio"][tabindex="0"], button)';

/** The most characters of a choice's words that leave room for what is said of the setting. */
const MOST_WORDS = 36;

function hasManyWords(control: Control): boolean {
  return control.kind === 'choice' && Object.values(control.options).join('').length > MOST_WORDS;
}
