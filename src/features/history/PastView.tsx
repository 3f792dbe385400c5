// A session's screen as it once was, over the whole grid, as long as there is one to be seen. Its
// page is loaded when it is first opened.
import { useStore } from 'zustand';
import type { TerminalStyle } from '@/features/terminal';
import type { Transport } from '@/transport';
import { later } from '@/ui';
import type { Past } from './past';

const PastPage = later(() => import('./PastPage'), 'absolute inset-0 z-20 bg-canvas');

interface PastViewProps {
  past: Past;
  transport: Transport;
  style: TerminalStyle;
  onClose(): void;
}

export function PastView({ past, ...rest }: PastViewProps) {
  const { hits, index } = useStore(past.store);
  const hit = hits[index];
  if (!hit) return null;
  return (
    <PastPage
      past={past}
      hit={hit}
      place={`${index + 1} of ${hits.length}`}
      isFirst={index === 0}
      isLast={index === hits.length - 1}
      {...rest}
    />
  );
}
