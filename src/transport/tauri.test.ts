import { beforeEach, describe, expect, it, vi } from 'vitest';
import { createTauriTransport } from './tauri';

type Handler = (event: { payload: unknown }) => void;

const tauri = vi.hoisted(() => ({
  invoke: vi.fn(),
  handlers: new Map<string, (event: { payload: unknown }) => void>(),
  /** Ends the registration of a listener; each is held until then. */
  registered: [] as (() => void)[],
}));

vi.mock('@tauri-apps/api/core', () => ({ invoke: tauri.invoke }));
vi.mock('@tauri-apps/api/event', () => ({
  listen: (name: string, handler: Handler) =>
    new Promise<() => void>((resolve) => {
      tauri.registered.push(() => {
        tauri.handlers.set(name, handler);
        resolve(() => {});
      });
    }),
}));

beforeEach(() => {
  tauri.invoke.mockReset();
  tauri.handlers.clear();
  tauri.registered.length = 0;
});

describe("the window's transport", () => {
  it('is ready when every event is listened to, and not before', async () => {
    const transport = createTauriTransport();
    let ready = false;
    const settled = transport.ready.then(() => {
      ready = true;
    });
    const [last, ...others] = tauri.registered;
    for (const register of others) register();
    await Promise.resolve();
    expect(ready).toBe(false);
    last?.();
    await settled;
    expect([...tauri.handlers.keys()].sort()).toEqual([
      'agent:changed',
      'app:error',
      'cost:updated',
      'daemon:connection',
      'dispatch:receipt',
      'git:event',
      'git:overlaps',
      'pool:status',
      'session:changed',
      'session:exit',
      'session:output',
      'settings:changed',
      'window:close_asked',
      'window:notification_clicked',
      'window:opened',
      'workspace:changed',
    ]);
  });

  it('hands events to who listens, until that is ended', () => {
    const transport = createTauriTransport();
    for (const register of tauri.registered) register();
    const seen: number[] = [];
    const leave = transport.on('session:exit', ({ exitCode }) => seen.push(exitCode));
    const emit = (exitCode: number) =>
      tauri.handlers.get('session:exit')?.({ payload: { sessionId: 1, exitCode } });
    emit(1);
    leave();
    emit(2);
    expect(seen).toEqual([1]);
  });

  it('calls commands by their names and answers with the reply', async () => {
    tauri.invoke.mockResolvedValue({ success: true });
    const reply = await createTauriTransport().call('session:destroy', { sessionId: 4 });
    expect(reply).toEqual({ success: true });
    expect(tauri.invoke).toHaveBeenCalledWith('session:destroy', { sessionId: 4 });
  });

  it('turns a refusal into an error with its code', async () => {
    tauri.invoke.mockRejectedValue({ code: 'max_sessions', message: 'Max sessions reached (12)' });
    const call = createTauriTransport().call('session:show', { sessionId: 4 });
    await expect(call).rejects.toMatchObject({
      name: 'CommandError',
      code: 'max_sessions',
      message: 'Max sessions reached (12)',
    });
  });

  it('reaches the machine by the commands of the window', async () => {
    const { native } = createTauriTransport();
    tauri.invoke.mockResolvedValue(null);
    await native.readClipboard();
    await native.writeClipboard('text');
    await native.openUrl('https://example.org');
    await native.pickFolder();
    await native.notify({ sessionId: 3, title: 'claude waits', body: 'for permission' });
    await native.saveText({ name: 'costs.csv', text: 'day' });
    await native.pickFile();
    await native.setZoom(125);
    await native.setTheme('light');
    await native.closeWindow();
    await native.hasGpu();
    expect(tauri.invoke.mock.calls).toEqual([
      ['window:has_gpu', {}],
      ['window:read_clipboard', {}],
      ['window:write_clipboard', { text: 'text' }],
      ['window:open_url', { url: 'https://example.org' }],
      ['window:pick_folder', {}],
      ['window:notify', { sessionId: 3, title: 'claude waits', body: 'for permission' }],
      ['window:save_text', { name: 'costs.csv', text: 'day' }],
      ['window:pick_file', {}],
      ['window:set_zoom', { percent: 125 }],
      ['window:set_theme', { theme: 'light' }],
      ['window:close', {}],
    ]);
  });

  it('pastes what was copied last, also while that is still on its way', async () => {
    const { native } = createTauriTransport();
    const copies: (() => void)[] = [];
    let clipboard = 'before';
    tauri.invoke.mockImplementation((name: string, args: { text?: string }) => {
      if (name === 'window:read_clipboard') return Promise.resolve(clipboard);
      return new Promise<void>((resolve) => {
        copies.push(() => {
          clipboard = args.text ?? '';
          resolve();
        });
      });
    });
    const copied = native.writeClipboard('copied');
    const pasted = native.readClipboard();
    await vi.waitFor(() => expect(copies).toHaveLength(1));
    copies[0]?.();
    await copied;
    expect(await pasted).toBe('copied');
  });

  it('says which session a notification that was clicked is about', () => {
    const { native } = createTauriTransport();
    for (const register of tauri.registered) register();
    const clicked: number[] = [];
    const leave = native.onNotificationClick((sessionId) => clicked.push(sessionId));
    const click = tauri.handlers.get('window:notification_clicked');
    click?.({ payload: { sessionId: 3 } });
    leave();
    click?.({ payload: { sessionId: 4 } });
    expect(clicked).toEqual([3]);
  });

  it('says that the window is to be closed, and what it was opened for', () => {
    const { native } = createTauriTransport();
    for (const register of tauri.registered) register();
    const told: unknown[] = [];
    const leave = [
      native.onCloseAsked(() => told.push('close')),
      native.onOpened((opened) => told.push(opened)),
    ];
    const emit = (name: string, payload: unknown) => tauri.handlers.get(name)?.({ payload });
    emit('window:close_asked', null);
    emit('window:opened', { path: '/srv/harbour' });
    for (const end of leave) end();
    emit('window:close_asked', null);
    emit('window:opened', { sessionId: 3 });
    expect(told).toEqual(['close', { path: '/srv/harbour' }]);
  });
});
