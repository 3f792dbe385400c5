// The line between two columns or two rows: dragged, or moved with the arrow keys, it gives one
// of them what it takes from the other. It lies in the gap and reaches a little over both sides.
import { type CSSProperties, type KeyboardEvent, type PointerEvent, useRef } from 'react';
import { evened, lineAt, resized } from './layout';

interface DividerProps {
  /** What it is between: columns, or rows. */
  of: 'columns' | 'rows';
  /** The column or row before it, from 0. */
  index: number;
  count: number;
  /** What is kept of their shares. */
  kept: number[];
  /** Where it stands in the CSS grid. */
  style: CSSProperties;
  onResize(shares: number[]): void;
  /** The person is done with it by Escape. */
  onLeave(): void;
}

/** The least that a pane has, in pixels: its header can be read, and a few lines. */
const LEAST_WIDTH = 160;
const LEAST_HEIGHT = 84;
/** How far an arrow key goes, in parts of the whole; with Shift further. */
const STEP = 0.02;
const LEAP = 0.1;

export function Divider({ of, index, count, kept, style, onResize, onLeave }: DividerProps) {
  const isUpright = of === 'columns';
  const drag = useRef<{ from: number; kept: number[] }>(null);
  const element = useRef<HTMLDivElement>(null);
  const length = () => {
    const grid = element.current?.parentElement?.getBoundingClientRect();
    return (isUpright ? grid?.width : grid?.height) || 1;
  };
  const least = () => (isUpright ? LEAST_WIDTH : LEAST_HEIGHT) / length();
  const along = (event: PointerEvent) => (isUpright ? event.clientX : event.clientY);
  const by = (part: number, from = kept) => onResize(resized(from, count, index, part, least()));
  const even = () => onResize(evened(kept, count, index));
  const at = Math.round(lineAt(kept, count, index) * 100);
  const one = isUpright ? 'column' : 'row';

  /** Whether the key means something here. */
  const act = ({ key, shiftKey }: KeyboardEvent): boolean => {
    const step = shiftKey ? LEAP : STEP;
    if (key === (isUpright ? 'ArrowLeft' : 'ArrowUp')) by(-step);
    else if (key === (isUpright ? 'ArrowRight' : 'ArrowDown')) by(step);
    else if (key === 'Home') by(-1);
    else if (key === 'End') by(1);
    else if (key === 'Enter') even();
    else if (key === 'Escape') onLeave();
    else return false;
    return true;
  };

  return (
    // biome-ignore lint/a11y/useSemanticElements: a rule cannot be moved.
    <div
      ref={element}
      role="separator"
      tabIndex={0}
      aria-orientation={isUpright ? 'vertical' : 'horizontal'}
      aria-label={`Between ${one} ${index + 1} and ${index + 2}`}
      aria-valuenow={at}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuetext={`${at} %`}
      data-testid="divider"
      style={style}
      className={`group/divider relative z-10 touch-none outline-none ${isUpright ? '-ml-[3px] w-[5px] cursor-col-resize' : '-mt-[3px] h-[5px] cursor-row-resize'}`}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        drag.current = { from: along(event), kept };
      }}
      onPointerMove={(event) => {
        if (!drag.current) return;
        const { from, kept: before } = drag.current;
        by((along(event) - from) / length(), before);
      }}
      onPointerUp={() => {
        drag.current = null;
      }}
      onLostPointerCapture={() => {
        drag.current = null;
      }}
      onDoubleClick={even}
      onKeyDown={(event) => {
        if (act(event)) event.preventDefault();
      }}
    >
      <span
        aria-hidden
        className={`absolute bg-accent opacity-0 transition-opacity group-hover/divider:opacity-100 group-focus-visible/divider:opacity-100 group-active/divider:opacity-100 ${isUpright ? 'inset-y-0 left-[2px] w-px' : 'inset-x-0 top-[2px] h-px'}`}
      />
    </div>
  );
}
