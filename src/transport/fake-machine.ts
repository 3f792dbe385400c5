// What is around the fake daemon's window: a clipboard, a browser, a desktop that shows
// notifications, and a person who picks folders and files.
import type { Native, Notification, Opened } from './transport';

export class FakeMachine {
  clipboard = '';
  /** Addresses that were opened. */
  readonly opened: string[] = [];
  /** The folder that the person will pick; null when they pick none. */
  folder: string | null = null;
  /** The same for a file. */
  file: string | null = null;
  /** What the window was told of its look. */
  zoom = 100;
  theme: 'system' | 'dark' | 'light' = 'system';
  readonly notifications: Notification[] = [];
  readonly saved: { name: string; text: string }[] = [];
  /** Where the person saves files; null when they change their mind. */
  savesTo: string | null = '/home/ada/Documents';
  /** The window is gone: the page asked for it. */
  closed = false;
  readonly #clicks = new Set<(sessionId: number) => void>();
  readonly #closings = new Set<() => void>();
  readonly #openings = new Set<(opened: Opened) => void>();

  readonly native: Native = {
    readClipboard: async () => this.clipboard,
    writeClipboard: async (text) => {
      this.clipboard = text;
    },
    openUrl: async (url) => {
      this.opened.push(url);
    },
    pickFolder: async () => this.folder,
    notify: async (notification) => {
      this.notifications.push(notification);
    },
    onNotificationClick: (listener) => {
      this.#clicks.add(listener);
      return () => this.#clicks.delete(listener);
    },
    interactive: async () => {},
    hasGpu: async () => true,
    saveText: async (file) => {
      if (this.savesTo === null) return null;
      this.saved.push(file);
      return `${this.savesTo}/${file.name}`;
    },
    pickFile: async () => this.file,
    setZoom: async (percent) => {
      this.zoom = percent;
    },
    setTheme: async (theme) => {
      this.theme = theme;
    },
    onCloseAsked: (listener) => {
      this.#closings.add(listener);
      return () => this.#closings.delete(listener);
    },
    closeWindow: async () => {
      this.closed = true;
    },
    onOpened: (listener) => {
      this.#openings.add(listener);
      return () => this.#openings.delete(listener);
    },
  };

  /** The person clicks a notification about a session. */
  click(sessionId: number): void {
    for (const listener of this.#clicks) listener(sessionId);
  }

  /** The person closes the window. */
  askToClose(): void {
    for (const listener of this.#closings) listener();
  }

  /** `synk open` was run somewhere. */
  open(opened: Opened): void {
    for (const listener of this.#openings) listener(opened);
  }
}
