import { beforeEach, describe, expect, it, vi } from 'vitest';
import { FAKE_HOME, FakeTransport } from '@/transport/fake';
import type { NoteAction } from '@/ui';
import { SessionReview } from './session-review';

const PROJECT = `${FAKE_HOME}/src/lamp`;
const LAMP = "export function light(): string {\n  return 'off';\n}\n";
let fake: FakeTransport;
let review: SessionReview;
let notes: { message: string; action?: NoteAction | undefined }[];
let errors: unknown[];
let onShow: boolean;
const state = () => review.store.getState();
const write = (path: string, text: string | null) => fake.git.write(1, path, text);

beforeEach(async () => {
  fake = new FakeTransport();
  notes = [];
  errors = [];
  onShow = true;
  await fake.call('session:create', {
    agentType: 'claude_code',
    projectPath: PROJECT,
    branch: 'feat/a',
  });
  review = new SessionReview(1, fake, {
    note: (message, action) => notes.push({ message, action }),
    error: (reason) => errors.push(reason),
    nameOf: () => 'claude',
    isOnShow: () => onShow,
  });
  write('src/lamp.ts', LAMP);
  write('src/new.ts', 'export {};\n');
  await review.refresh();
});

describe('the files', () => {
  it('come without lines, which are asked for one file at a time', async () => {
    expect(state().files?.map(({ path }) => path)).toEqual(['src/lamp.ts', 'src/new.ts']);
    expect(state().chosen).toBe('src/lamp.ts');
    expect(Object.keys(state().lines)).toEqual(['src/lamp.ts']);
    review.step(1);
    review.step(1);
    expect(state().chosen).toBe('src/new.ts');
    await vi.waitFor(() => expect(state().lines['src/new.ts']?.hunks).toHaveLength(1));
    const asked = fake.callsOf('git:diff').filter(({ lines }) => lines);
    expect(asked.map(({ paths }) => paths)).toEqual([['src/lamp.ts'], ['src/new.ts']]);
  });

  it('keep the choice when they are looked at again, also of one that is as it was', async () => {
    review.choose('src/new.ts');
    write('src/other.ts', 'x\n');
    await review.refresh();
    expect(state().chosen).toBe('src/new.ts');
    write('src/new.ts', null);
    await review.refresh();
    expect(state().chosen).toBe('src/new.ts');
    expect(state().lines['src/new.ts']).toBeUndefined();
  });

  it('say why they cannot be had, until they can', async () => {
    fake.fail('git:status', { code: 'internal', message: 'The index is locked.' });
    await review.refresh();
    expect(state().problem).toBe('The index is locked.');
    fake.fail('git:status');
    await review.refresh();
    expect(state().problem).toBeNull();
  });
});

describe('comments', () => {
  const place = { path: 'src/lamp.ts', side: 'new' as const, line: 2, quoted: "  return 'off';" };
  const comment = (text: string, at = place) => {
    review.write(at);
    review.type(text);
    review.keepDraft();
  };
  const sent = () => state().comments.map((each) => each.sent);

  it('are kept when another is begun, and nothing is kept of an empty one', () => {
    review.write(place);
    review.type('Why off?');
    review.write({ ...place, line: 1 });
    expect(state().comments).toMatchObject([{ text: 'Why off?', line: 2 }]);
    review.keepDraft();
    expect(state()).toMatchObject({ comments: [{ text: 'Why off?' }], writing: null });
  });

  it('are changed in their places, by whatever ends that but Escape', async () => {
    comment('Why off?');
    const text = () => state().comments[0]?.text;
    review.edit(1);
    review.type('Why off at night?');
    write('src/lamp.ts', `// A lamp.\n${LAMP}`);
    await review.refresh();
    expect(state()).toMatchObject({ editing: 1, draft: 'Why off at night?' });
    expect(review.text()).toContain("lamp.ts:3\n>   return 'off';\nWhy off at night?");
    expect(state()).toMatchObject({ editing: null, draft: '' });
    review.edit(1);
    review.type('Another');
    review.dropDraft();
    expect(text()).toBe('Why off at night?');
    review.edit(1);
    review.type('Why off by day?');
    review.write({ ...place, line: 1 });
    expect(text()).toBe('Why off by day?');
    review.edit(1);
    expect(state()).toMatchObject({ writing: null, editing: 1, draft: 'Why off by day?' });
    review.type(' ');
    await review.send(1);
    expect(text()).toBe('Why off by day?');
    expect(sent()).toEqual([true]);
  });

  it('go as one prompt, with its receipt, and wait for an agent that works', async () => {
    comment('Why off?');
    comment('And this?', { ...place, line: 1, quoted: 'export function light(): string {' });
    await review.send(1);
    expect(fake.callsOf('dispatch:send')).toMatchObject([
      { sessionIds: [1], submit: true, queue: true, text: expect.stringContaining('lamp.ts:2\n>') },
    ]);
    expect(sent()).toEqual([true, true]);
    const states = () =>
      review.deliveries.store.getState().round?.deliveries.map((each) => each.state);
    await vi.waitFor(() => expect(states()).toEqual(['working']));
    comment('More');
    await review.send(1);
    expect(states()).toEqual(['queued']);
    review.clearSent();
    expect(state().comments).toEqual([]);
  });

  it('are there to be sent again when they came to nothing', async () => {
    comment('Why off?');
    fake.fail('dispatch:send', { code: 'unavailable', message: 'The daemon is away.' });
    await review.send(1);
    expect(state()).toMatchObject({ outcome: { message: 'The daemon is away.' }, busy: null });
    expect(sent()).toEqual([false]);
    expect(errors).toEqual([]);
    onShow = false;
    await review.send(1);
    expect(errors.map(String)).toEqual(['Error: Review of claude: The daemon is away.']);
    fake.fail('dispatch:send');
    await fake.call('session:write', { sessionId: 1, data: 'exit 1\r' });
    await review.send(1);
    await vi.waitFor(() => expect(sent()).toEqual([false]));
    expect(String(errors[1])).toContain('The prompt to claude');
  });

  it('are there to be sent again when they were taken out of the queue', async () => {
    fake.happen(1, (session) => session.report('working'));
    comment('Why off?');
    await review.send(1);
    expect(sent()).toEqual([true]);
    await fake.call('dispatch:edit', { promptId: 1 });
    expect(sent()).toEqual([false]);
    expect(errors).toEqual([]);
  });

  it('are taken back with their own prompt, not with one that was sent before', async () => {
    fake.happen(1, (session) => session.report('working'));
    comment('Why off?');
    await review.send(1);
    comment('And this?', { ...place, line: 1, quoted: 'export function light(): string {' });
    await review.send(1);
    const receipt = { promptId: 1, sessionId: 1, state: 'exited' as const, at: 1 };
    fake.emit('dispatch:receipt', { ...receipt, reason: 'It has ended.' });
    expect(sent()).toEqual([false, true]);
    await fake.call('dispatch:edit', { promptId: 2 });
    expect(sent()).toEqual([false, false]);
  });

  it('say that their line has changed since', async () => {
    comment('Why off?');
    write('src/lamp.ts', LAMP.replace('off', 'dim'));
    await review.refresh();
    expect(state().comments).toMatchObject([{ line: 2, changed: true }]);
    write('src/lamp.ts', `// A lamp.\n${LAMP}`);
    await review.refresh();
    expect(state().comments).toMatchObject([{ line: 3, changed: false }]);
  });
});

describe('what is done with the changes', () => {
  it('commits all of them', async () => {
    review.setMessage('  ');
    await review.commit();
    expect(fake.callsOf('git:commit')).toEqual([]);
    review.setMessage('Turn it off\n');
    await review.commit();
    expect(fake.callsOf('git:commit')).toEqual([{ sessionId: 1, message: 'Turn it off' }]);
    expect(state()).toMatchObject({ message: '', outcome: { kind: 'committed' } });
    expect(state().status).toMatchObject({ changed: 0, untracked: 0, ahead: 1 });
  });

  it('merges once it is committed, and asks before files elsewhere change', async () => {
    await review.merge('squash');
    expect(state().outcome).toMatchObject({ kind: 'dirty' });
    review.setMessage('Turn it off');
    await review.commit();
    await review.merge('squash');
    expect(state().outcome).toMatchObject({
      kind: 'checked_out',
      base: 'main',
      strategy: 'squash',
    });
    await review.merge('squash', true);
    expect(state().outcome).toEqual({ kind: 'merged', branch: 'feat/a', base: 'main' });
    expect(fake.callsOf('git:merge').at(-1)).toEqual({
      sessionId: 1,
      branch: 'feat/a',
      baseBranch: 'main',
      strategy: 'squash',
      updateCheckout: true,
    });
    expect(state().files).toEqual([]);
  });

  it('lists the files in conflict, and changes nothing then', async () => {
    fake.git.commitTo(PROJECT, 'main', 'src/lamp.ts', 'export {};\n');
    review.setMessage('Turn it off');
    await review.commit();
    await review.merge('merge', true);
    expect(state().outcome).toEqual({ kind: 'conflicts', base: 'main', files: ['src/lamp.ts'] });
    fake.fail('git:merge', { code: 'internal', message: 'The disk is full.' });
    await review.merge('merge');
    expect(state()).toMatchObject({ outcome: { message: 'The disk is full.' }, busy: null });
  });

  it('tells what went wrong, and what is to be decided, where nobody looks', async () => {
    onShow = false;
    fake.fail('git:commit', { code: 'internal', message: 'the disk is full' });
    review.setMessage('Turn it off');
    await review.commit();
    expect(errors.map(String)).toEqual(['Error: Review of claude: The disk is full.']);
    fake.fail('git:commit');
    await review.commit();
    expect(errors).toHaveLength(1);
    await review.merge('squash');
    expect(errors).toHaveLength(2);
    expect(String(errors[1])).toMatch(/is checked out in .* open the review to decide/);
    fake.git.commitTo(PROJECT, 'main', 'src/lamp.ts', 'export {};\n');
    await review.merge('squash', true);
    expect(errors).toHaveLength(3);
    expect(String(errors[2])).toContain('nothing was merged into main');
    onShow = true;
    await review.merge('squash', true);
    expect(state().outcome).toMatchObject({ kind: 'conflicts' });
    expect(errors).toHaveLength(3);
  });

  it('says that it cannot bring back now what was discarded, and can later', async () => {
    await review.discard('src/lamp.ts');
    review.setMessage('Add it');
    const committing = review.commit();
    notes[0]?.action?.run();
    expect(errors.map(String)).toEqual(['Error: Something else is being done; try again.']);
    await committing;
    expect(fake.callsOf('git:restore')).toEqual([]);
    await review.undoDiscard();
    expect(fake.callsOf('git:restore')).toHaveLength(1);
    expect(errors).toHaveLength(1);
  });

  it('discards one file or all, and brings them back', async () => {
    await review.discard('src/lamp.ts');
    expect(state().files?.map(({ path }) => path)).toEqual(['src/new.ts']);
    notes[0]?.action?.run();
    await vi.waitFor(() => expect(state().files).toHaveLength(2));
    await vi.waitFor(() => expect(state().busy).toBeNull());
    await review.discard();
    expect(state().files).toEqual([]);
    await review.undoDiscard();
    expect(state().files).toHaveLength(2);
    await review.undoDiscard();
    expect(fake.callsOf('git:restore')).toHaveLength(2);
  });
});
