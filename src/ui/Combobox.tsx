// A field for a text, with those that are known to choose from. Anything else can be written.
import { Popover as Radix } from 'radix-ui';
import { type ComponentPropsWithRef, type KeyboardEvent, useId, useRef, useState } from 'react';

interface ComboboxProps extends Omit<ComponentPropsWithRef<'input'>, 'value' | 'onChange'> {
  label: string;
  value: string;
  options: string[];
  invalid?: boolean;
  onChange(value: string): void;
}

/** The most that are offered at once. */
const MOST = 50;

export function Combobox(props: ComboboxProps) {
  const { label, value, options, invalid = false, onChange, className = '', ...rest } = props;
  const list = useId();
  const field = useRef<HTMLInputElement>(null);
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const sought = value.trim().toLowerCase();
  const matching = options.filter((option) => option.toLowerCase().includes(sought));
  // What is already written in full is a choice that was made: then all of them are offered.
  const offered = (options.includes(value) ? options : matching).slice(0, MOST);
  const isOpen = open && !rest.readOnly && offered.length > 0;

  const choose = (option: string) => {
    onChange(option);
    setOpen(false);
    setActive(-1);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.nativeEvent.isComposing || event.keyCode === 229) return;
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    const option = offered[active];
    if (step !== 0) {
      event.preventDefault();
      setOpen(true);
      setActive(Math.max(-1, Math.min((isOpen ? active : -1) + step, offered.length - 1)));
    } else if (event.key === 'Enter' && isOpen && option !== undefined) {
      event.preventDefault();
      choose(option);
    } else if (event.key === 'Tab' || event.key === 'Enter') {
      setOpen(false);
    }
  };

  return (
    <Radix.Root open={isOpen} onOpenChange={setOpen}>
      <Radix.Anchor asChild>
        <input
          ref={field}
          role="combobox"
          aria-label={label}
          aria-expanded={isOpen}
          aria-controls={list}
          aria-autocomplete="list"
          aria-activedescendant={isOpen && active >= 0 ? `${list}-${active}` : undefined}
          aria-invalid={invalid || undefined}
          value={value}
          spellCheck={false}
          autoComplete="off"
          className={`h-7 w-full min-w-0 rounded-medium border bg-surface px-2 text-small text-ink placeholder:text-dim read-only:text-dim disabled:text-dim ${invalid ? 'border-danger' : 'border-line'} ${className}`}
          onChange={(event) => {
            setOpen(true);
            setActive(-1);
            onChange(event.target.value);
          }}
          onClick={() => setOpen(true)}
          onBlur={() => setOpen(false)}
          onKeyDown={onKeyDown}
          {...rest}
        />
      </Radix.Anchor>
      <Radix.Portal>
        <Radix.Content
          align="start"
          sideOffset={4}
          collisionPadding={8}
          onOpenAutoFocus={(event) => event.preventDefault()}
          onCloseAutoFocus={(event) => event.preventDefault()}
          onInteractOutside={(event) => {
            if (event.target === field.current) event.preventDefault();
          }}
          className="z-40 max-h-60 w-(--radix-popover-trigger-width) overflow-y-auto rounded-medium bg-raised p-1 text-small shadow-sheet outline-none"
        >
          <div id={list} role="listbox" aria-label={label}>
            {offered.map((option, index) => (
              // The field has the keyboard and chooses with its own keys.
              // biome-ignore lint/a11y/useFocusableInteractive: see above.
              // biome-ignore lint/a11y/useKeyWithClickEvents: see above.
              <div
                key={option}
                id={`${list}-${index}`}
                role="option"
                aria-selected={index === active}
                className="flex h-7 items-center rounded-small px-2 font-mono text-ink hover:bg-hover aria-selected:bg-hover"
                // The field keeps the keyboard.
                onMouseDown={(event) => event.preventDefault()}
                onClick={() => choose(option)}
              >
                <span className="truncate">{option}</span>
              </div>
            ))}
          </div>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
