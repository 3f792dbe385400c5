// The sheet that holds the review of a session's changes, whose page is loaded when it is first
// opened.
import { later, Sheet } from '@/ui';
import type { ReviewPanelProps } from './ReviewPanel';

const ReviewPanel = later(() => import('./ReviewPanel'));

interface ReviewSheetProps extends Omit<ReviewPanelProps, 'session'> {
  open: boolean;
  /** Missing once it is closed. */
  session: ReviewPanelProps['session'] | undefined;
  /** The sheet is gone. */
  onClosed(): void;
}

export function ReviewSheet({ open, onClosed, session, ...rest }: ReviewSheetProps) {
  return (
    <Sheet
      open={open && session !== undefined}
      title={session ? `Review of ${session.name}` : 'Review'}
      full
      onClose={rest.onClose}
      onClosed={onClosed}
    >
      {session && <ReviewPanel key={session.sessionId} session={session} {...rest} />}
    </Sheet>
  );
}
