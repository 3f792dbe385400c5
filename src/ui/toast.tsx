// Short messages that come and go by themselves. An error that is already shown is not shown
// a second time.
import { Toaster as Sonner, toast } from 'sonner';

/** How long a message stays, in milliseconds: at least this, and so much for each character. */
const SHORTEST_MS = 6000;
const READING_MS = 70;

/** Shows a failure: its message, as it is. */
export function showError(reason: unknown): void {
  show(reason instanceof Error ? reason.message : String(reason), 'alert', 'bg-danger');
}

/** Shows that something was done. */
export function showNote(message: string): void {
  show(message, 'status', 'bg-ok');
}

function show(message: string, role: 'alert' | 'status', colour: string): void {
  toast.custom(
    () => (
      <div
        role={role}
        data-testid="toast"
        className="flex w-88 items-start gap-2 rounded-medium bg-raised px-3 py-2 text-small text-ink shadow-sheet"
      >
        <span aria-hidden className={`mt-1.5 size-1.5 shrink-0 rounded-full ${colour}`} />
        <span className="min-w-0 select-text break-words">{message}</span>
      </div>
    ),
    { id: message, duration: Math.max(SHORTEST_MS, message.length * READING_MS) },
  );
}

export function Toaster() {
  return (
    <Sonner
      position="bottom-right"
      offset={{ right: 12, bottom: 36 }}
      // Alt+T belongs to the program in the terminal.
      hotkey={[]}
      visibleToasts={4}
      gap={8}
      style={{ fontFamily: 'inherit' }}
    />
  );
}
