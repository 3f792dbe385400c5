// The transport of the real window. The only file that names Tauri.
import { invoke } from '@tauri-apps/api/core';
import { listen } from '@tauri-apps/api/event';
import type { Events } from '@/protocol/generated/protocol';
import { Listeners } from './listeners';
import { CommandError, type Opened, type Transport } from './transport';

const EVENTS: { [E in keyof Events]: true } = {
  'session:output': true,
  'session:exit': true,
  'session:changed': true,
  'pool:status': true,
  'agent:changed': true,
  'dispatch:receipt': true,
  'cost:updated': true,
  'git:event': true,
  'workspace:changed': true,
  'settings:changed': true,
  'git:overlaps': true,
  'daemon:connection': true,
  'app:error': true,
};

async function request<T>(name: string, args?: object): Promise<T> {
  try {
    return await invoke<T>(name, { ...args });
  } catch (reason) {
    throw CommandError.from(reason);
  }
}

export function createTauriTransport(): Transport {
  const listeners = new Listeners();
  const clicks = new Set<(sessionId: number) => void>();
  const closings = new Set<() => void>();
  const openings = new Set<(opened: Opened) => void>();
  const names = Object.keys(EVENTS) as (keyof Events)[];
  const ready = Promise.all([
    ...names.map((name) =>
      listen<Events[typeof name]>(name, (event) => listeners.emit(name, event.payload)),
    ),
    listen<{ sessionId: number }>('window:notification_clicked', ({ payload }) => {
      for (const listener of clicks) listener(payload.sessionId);
    }),
    listen<null>('window:close_asked', () => {
      void request('window:close_heard');
      for (const listener of closings) listener();
    }),
    listen<Opened>('window:opened', ({ payload }) => {
      for (const listener of openings) listener(payload);
    }),
  ]);
  // Nobody else waits for that: what the page asks first is on its way at once.
  ready
    .then(() => request('window:ready'))
    .catch((reason) => console.error('what the window is opened for is not told', reason));

  // It is the same for every terminal, and the first is not to wait for it.
  const hasGpu = request<boolean>('window:has_gpu').catch(() => true);

  // Calls that are under way together may arrive in any order. What was copied last is what is
  // pasted next, however soon.
  let copied: Promise<unknown> = Promise.resolve();
  const afterCopying = <T>(name: string, args?: object): Promise<T> => {
    const done = copied.then(() => request<T>(name, args));
    copied = done.catch(() => {});
    return done;
  };

  return {
    ready,
    call: (name, args) => request(name, args),
    on: (event, handler) => listeners.add(event, handler),
    native: {
      readClipboard: () => afterCopying('window:read_clipboard'),
      writeClipboard: (text) => afterCopying('window:write_clipboard', { text }),
      openUrl: (url) => request('window:open_url', { url }),
      pickFolder: () => request('window:pick_folder'),
      notify: (notification) => request('window:notify', notification),
      onNotificationClick: (listener) => {
        clicks.add(listener);
        return () => clicks.delete(listener);
      },
      interactive: () => request('window:interactive'),
      hasGpu: () => hasGpu,
      saveText: (file) => request('window:save_text', file),
      pickFile: () => request('window:pick_file'),
      setZoom: (percent) => request('window:set_zoom', { percent }),
      setTheme: (theme) => request('window:set_theme', { theme }),
      onCloseAsked: (listener) => {
        closings.add(listener);
        return () => closings.delete(listener);
      },
      closeWindow: () => request('window:close'),
      onOpened: (listener) => {
        openings.add(listener);
        return () => openings.delete(listener);
      },
    },
  };
}
