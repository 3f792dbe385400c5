// How the state of a delivery looks: a word, a sign of its own and a colour.
import {
  ArrowUp,
  Ban,
  Check,
  CheckCheck,
  CircleQuestionMark,
  CircleX,
  Clock,
  type LucideIcon,
  PencilLine,
  TimerOff,
  Undo2,
} from 'lucide-react';
import { type Delivery, type DeliveryState, hasWorked, isFinal } from './deliveries';

interface Look {
  word: string;
  Icon: LucideIcon;
}

const LOOKS: Record<DeliveryState, Look> = {
  sending: { word: 'sending', Icon: ArrowUp },
  queued: { word: 'queued', Icon: Clock },
  sent: { word: 'sent', Icon: ArrowUp },
  accepted: { word: 'accepted', Icon: Check },
  working: { word: 'working', Icon: CheckCheck },
  blocked: { word: 'blocked', Icon: Ban },
  not_ready: { word: 'not ready', Icon: Clock },
  exited: { word: 'exited', Icon: CircleX },
  draft: { word: 'draft', Icon: PencilLine },
  timeout: { word: 'timeout', Icon: TimerOff },
  unconfirmed: { word: 'unconfirmed', Icon: CircleQuestionMark },
  refused: { word: 'refused', Icon: Ban },
  withdrawn: { word: 'withdrawn', Icon: Undo2 },
  failed: { word: 'not sent', Icon: CircleX },
};

export function deliveryWord(state: DeliveryState): string {
  return LOOKS[state].word;
}

function colourOf(delivery: Delivery, submit: boolean): string {
  if (hasWorked(delivery, submit)) return 'text-ok';
  if (!isFinal(delivery) || delivery.state === 'withdrawn') return 'text-dim';
  return delivery.state === 'unconfirmed' ? 'text-warn' : 'text-danger';
}

export function DeliverySign({ delivery, submit }: { delivery: Delivery; submit: boolean }) {
  const { word, Icon } = LOOKS[delivery.state];
  return (
    <span
      data-testid="receipt"
      data-receipt={delivery.state}
      title={delivery.reason ?? undefined}
      className={`flex shrink-0 items-center gap-1 text-tiny ${colourOf(delivery, submit)}`}
    >
      <Icon size={11} aria-hidden />
      {word}
    </span>
  );
}
