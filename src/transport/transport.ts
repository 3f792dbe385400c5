// The seam between the front end and whatever runs the sessions. Features speak to this
// interface alone; which side of a window, a test or a browser tab answers is no concern
// of theirs.
import type { Commands, ErrorCode, Events } from '@/protocol/generated/protocol';

/** Something to tell on the desktop, about a session. */
export interface Notification {
  sessionId: number;
  title: string;
  body: string;
}

/** What the window was opened for, by `synk open` for example. */
export interface Opened {
  /** A session that was made for it. */
  sessionId?: number;
  /** A project's folder, absolute. */
  path?: string;
}

/** What the machine offers and a web page alone does not. */
export interface Native {
  /** The clipboard's text; empty when it holds none. */
  readClipboard(): Promise<string>;
  writeClipboard(text: string): Promise<void>;
  /** Opens an http or https address in the user's browser. */
  openUrl(url: string): Promise<void>;
  /** An absolute path, or null when the person chose none. */
  pickFolder(): Promise<string | null>;
  /** Tells something on the desktop. Both texts are shown as they are, without markup. */
  notify(notification: Notification): Promise<void>;
  /** A person clicked a notification about this session. The result ends it. */
  onNotificationClick(listener: (sessionId: number) => void): () => void;
  /** The window can be used from now on. */
  interactive(): Promise<void>;
  /** Whether WebGL is drawn by more than the processor. */
  hasGpu(): Promise<boolean>;
  /** Lets the person save a file. The path, or null when they chose none. */
  saveText(file: { name: string; text: string }): Promise<string | null>;
  /** An absolute path of a file, or null when the person chose none. */
  pickFile(): Promise<string | null>;
  /** The size of everything in the window, in percent. */
  setZoom(percent: number): Promise<void>;
  /** The colours of the frame around the page, and of the window before there is a page. */
  setTheme(theme: 'system' | 'dark' | 'light'): Promise<void>;
  /** The person wants to close the window, which waits for {@link closeWindow}. The result ends it. */
  onCloseAsked(listener: () => void): () => void;
  /** Closes the window, without asking again. Sessions run on. */
  closeWindow(): Promise<void>;
  /** The window was opened for something, or came to the front for it. The result ends it. */
  onOpened(listener: (opened: Opened) => void): () => void;
}

export interface Transport {
  /**
   * Settles once every event is listened to. Call nothing before that: an event sent in
   * answer to a call could be lost.
   */
  readonly ready: Promise<unknown>;
  readonly native: Native;
  /** Rejects with a {@link CommandError} and with nothing else. */
  call<K extends keyof Commands>(name: K, args: Commands[K]['args']): Promise<Commands[K]['reply']>;
  /** Events reach handlers in the order in which they were sent. The result ends it. */
  on<E extends keyof Events>(event: E, handler: (payload: Events[E]) => void): () => void;
}

/** A command that failed: a code for programs, a sentence for people. */
export class CommandError extends Error {
  override readonly name = 'CommandError';

  constructor(
    readonly code: ErrorCode,
    message: string,
  ) {
    super(message);
  }

  /** Makes an error of whatever a call was rejected with. */
  static from(reason: unknown): CommandError {
    if (reason instanceof CommandError) return reason;
    if (typeof reason === 'object' && reason !== null && 'code' in reason && 'message' in reason) {
      return new CommandError(reason.code as ErrorCode, String(reason.message));
    }
    const message = reason instanceof Error ? reason.message : String(reason);
    return new CommandError('internal', message);
  }
}
