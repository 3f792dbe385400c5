// Short messages that come and go by themselves. An error that is already shown is not shown
// a second time.
import { Toaster as Sonner, toast } from 'sonner';

/** How long a message stays, in milliseconds: at least this, and so much for each character. */
const SHORTEST_MS = 6000;
const READING_MS = 70;
/** The same for one that can be answered. */
const ANSWER_MS = 12_000;

/** Shows a failure: its message, as it is, and what can be done about it. */
export function showError(reason: unknown, action?: NoteAction): void {
  show(reason instanceof Error ? reason.message : String(reason), 'alert', 'bg-danger', action);
}

/** What can be done about a message. */
export interface NoteAction {
  label: string;
  run(): void;
}

/** Shows that something was done, and what can be done about it. The result takes it away. */
export function showNote(message: string, action?: NoteAction): () => void {
  show(message, 'status', 'bg-ok', action);
  return () => toast.dismiss(message);
}

/** Shows what is wrong and stays so until it is put right. The result takes it away. */
export function showLasting(message: string, action: NoteAction): () => void {
  show(message, 'status', 'bg-warn', action, Number.POSITIVE_INFINITY);
  return () => toast.dismiss(message);
}

function show(
  message: string,
  role: 'alert' | 'status',
  colour: string,
  action?: NoteAction,
  duration = Math.max(action ? ANSWER_MS : SHORTEST_MS, message.length * READING_MS),
): void {
  toast.custom(
    () => (
      <div
        role={role}
        data-testid="toast"
        // It can be answered while a sheet has the mouse.
        className="pointer-events-auto flex w-88 flex-wrap items-start gap-2 rounded-medium bg-raised px-3 py-2 text-small text-ink shadow-sheet"
      >
        <span aria-hidden className={`mt-1.5 size-1.5 shrink-0 rounded-full ${colour}`} />
        <span className="min-w-48 flex-1 select-text break-words">{message}</span>
        {action && (
          <button
            type="button"
            className="-my-0.5 ml-auto shrink-0 rounded-small px-1.5 py-0.5 font-medium text-accent transition-colors hover:bg-hover"
            onClick={() => {
              if (Number.isFinite(duration)) toast.dismiss(message);
              action.run();
            }}
          >
            {action.label}
          </button>
        )}
      </div>
    ),
    {
      id: message,
      duration,
    },
  );
}

/** `raised`: what stands at the foot of a large sheet stays to be seen. */
export function Toaster({ raised = false }: { raised?: boolean }) {
  return (
    <Sonner
      position="bottom-right"
      offset={raised ? { right: 44, bottom: 88 } : { right: 12, bottom: 36 }}
      // Alt+T belongs to the program in the terminal.
      hotkey={[]}
      visibleToasts={4}
      gap={8}
      style={{ fontFamily: 'inherit' }}
    />
  );
}
