// The review of a pane's changes in the whole window.
import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { FAKE_HOME, type FakeTransport } from '@/transport/fake';
import { CTRL_SHIFT, press, seriousFaults, showApp } from './app-on-show';

const PROJECT = `${FAKE_HOME}/src/lamp`;
const LAMP = "export function light(): string {\n  return 'off';\n}\n";
const prepare = async (fake: FakeTransport) => {
  await fake.call('session:create', {
    agentType: 'claude_code',
    projectPath: PROJECT,
    branch: 'feat/a',
  });
  fake.git.write(1, 'src/lamp.ts', LAMP);
  fake.git.write(1, 'src/ui/new.ts', 'export {};\n');
};
async function openReview(): Promise<HTMLElement> {
  press('G', CTRL_SHIFT);
  const panel = await screen.findByRole('dialog', { name: 'Review of claude' });
  await within(panel).findAllByTestId('line');
  return panel;
}
const lines = () =>
  screen.getAllByTestId('line').map(({ dataset }) => dataset.change?.[0]?.replace('c', ' '));
const current = () =>
  screen.getAllByTestId('review-file').find((each) => each.ariaCurrent === 'true')?.dataset.path;

describe('a review', () => {
  it('opens by its keys, goes through files and changes, and gives the keyboard back', async () => {
    const { fake, keyboardOf } = await showApp(0, prepare);
    await openReview();
    await waitFor(() => expect(document.activeElement).toBe(screen.getByTestId('review')));
    expect(screen.getByTestId('review-sum').textContent).toBe('2 files +2 −1');
    expect(await seriousFaults()).toEqual([]);
    expect(current()).toBe('src/ui/new.ts');
    await userEvent.keyboard('j');
    await waitFor(() => expect(lines()).toEqual([' ', 'd', 'a', ' ']));
    expect(current()).toBe('src/lamp.ts');
    await userEvent.keyboard('u');
    expect(lines()).toEqual([' ', 'a', ' ']);
    expect(localStorage.getItem('synk.review.layout')).toBe('split');
    await userEvent.keyboard('n');
    expect(screen.getAllByTestId('line')[1]?.dataset.current).toBe('true');
    await userEvent.keyboard('uk');
    await waitFor(() => expect(current()).toBe('src/ui/new.ts'));
    await userEvent.keyboard('{Escape}');
    await waitFor(() => expect(document.activeElement).toBe(keyboardOf(1)));
    expect(fake.callsOf('session:write')).toEqual([]);
    press('G', CTRL_SHIFT);
    await screen.findByRole('dialog');
    press('G', CTRL_SHIFT);
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  });

  it('collects comments, which outlive it, and sends them with a receipt', async () => {
    const { fake } = await showApp(0, prepare);
    await openReview();
    await userEvent.keyboard('j');
    await waitFor(() => expect(lines()).toHaveLength(4));
    await userEvent.click(screen.getByRole('button', { name: 'Comment on line 2' }));
    const field = await screen.findByRole('textbox', { name: 'Comment on line 2' });
    expect(document.activeElement).toBe(field);
    await userEvent.keyboard('Why off?{Escape}');
    expect(screen.queryByTestId('comment-editor')).toBeNull();
    expect(screen.getByRole('dialog').isConnected).toBe(true);
    await userEvent.keyboard('pc');
    await userEvent.keyboard('Keep this one.{Enter}');
    expect(screen.getByTestId('comment').textContent).toBe('Keep this one.');
    expect(await seriousFaults()).toEqual([]);
    await userEvent.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    await openReview();
    expect(screen.getByTestId('comments').textContent).toBe('1 comment');
    await userEvent.click(screen.getByRole('button', { name: 'Send to claude' }));
    expect(fake.callsOf('dispatch:send')[0]?.text).toContain(
      "src/lamp.ts:2 (a line that was removed)\n>   return 'on';\nKeep this one.",
    );
    await waitFor(() => expect(screen.getByTestId('receipt').dataset.receipt).toBe('working'));
    await userEvent.click(screen.getByRole('button', { name: 'Clear what was sent' }));
    expect(screen.queryByTestId('comments')).toBeNull();
  });

  it('sends what a comment is being changed to, also when its line has moved since', async () => {
    const { fake } = await showApp(0, prepare);
    await openReview();
    await userEvent.keyboard('j');
    await waitFor(() => expect(lines()).toHaveLength(4));
    await userEvent.click(screen.getByRole('button', { name: 'Comment on line 2' }));
    await userEvent.keyboard('Why off?{Enter}');
    await userEvent.click(screen.getByRole('button', { name: 'Change this comment' }));
    await userEvent.keyboard(' at night');
    const field = () => screen.queryByRole<HTMLTextAreaElement>('textbox', { name: 'Comment' });
    expect(field()?.value).toBe('Why off? at night');
    await act(async () => {
      fake.git.write(1, 'src/lamp.ts', `// A lamp.\n${LAMP}`);
      fake.git.happen(1, 'commit');
    });
    await waitFor(() => expect(lines()).toHaveLength(5));
    expect(field()?.value).toBe('Why off? at night');
    await userEvent.click(screen.getByRole('button', { name: 'Send to claude' }));
    expect(fake.callsOf('dispatch:send')[0]?.text).toContain(
      "src/lamp.ts:3\n>   return 'off';\nWhy off? at night",
    );
    expect(field()).toBeNull();
    expect(screen.getByTestId('comment').textContent).toBe('Why off? at nightsent');
  });

  it('looks again when something happened, and says that a line has changed', async () => {
    const { fake } = await showApp(0, prepare);
    await openReview();
    await userEvent.keyboard('j');
    await waitFor(() => expect(lines()).toHaveLength(4));
    await userEvent.click(screen.getByRole('button', { name: 'Comment on line 2' }));
    await userEvent.keyboard('Why off?{Enter}');
    await act(async () => {
      fake.git.write(1, 'src/lamp.ts', LAMP.replace('off', 'dim'));
      fake.git.happen(1, 'commit');
    });
    await screen.findByText(/Line 2 has changed since/);
    expect(current()).toBe('src/lamp.ts');
  });

  it('commits, asks before it merges into what is checked out, and says it is done', async () => {
    const { fake } = await showApp(0, prepare);
    const panel = await openReview();
    const merge = async (how: RegExp) => {
      await userEvent.click(within(panel).getByRole('button', { name: /Merge into main/ }));
      await userEvent.click(await screen.findByRole('menuitem', { name: how }));
    };
    await merge(/^Squash/);
    await userEvent.click(await within(panel).findByRole('button', { name: 'Write a message' }));
    await userEvent.keyboard('Turn it off{Control>}{Enter}{/Control}');
    await within(panel).findByText(/Committed as/);
    await merge(/^Rebase/);
    const question = await within(panel).findByRole('alert');
    expect(question.textContent).toContain(
      `The branch “main” is checked out in ${PROJECT}. Update`,
    );
    await userEvent.click(within(question).getByRole('button', { name: 'Merge and update' }));
    await within(panel).findByText('feat/a is in main now');
    expect(fake.callsOf('git:merge').at(-1)).toMatchObject({
      strategy: 'rebase',
      updateCheckout: true,
    });
    expect(await seriousFaults()).toEqual([]);
  });

  it('has its keys also when what had the keyboard in it is gone', async () => {
    await showApp(0, prepare);
    const panel = await openReview();
    const message = within(panel).getByRole('textbox', { name: 'Commit message' });
    await userEvent.type(message, 'Turn it off{Control>}{Enter}{/Control}');
    await within(panel).findByText(/Committed as/);
    await waitFor(() => expect(message.isConnected).toBe(false));
    expect(current()).toBe('src/ui/new.ts');
    await userEvent.keyboard('j');
    await waitFor(() => expect(current()).toBe('src/lamp.ts'));
  });

  it('lists conflicts, and leads to the file', async () => {
    const { fake } = await showApp(0, prepare);
    fake.git.commitTo(PROJECT, 'main', 'src/lamp.ts', 'export {};\n');
    await fake.call('git:commit', { sessionId: 1, message: 'Turn it off' });
    const panel = await openReview();
    await userEvent.click(within(panel).getByRole('button', { name: /Merge into main/ }));
    await userEvent.click(await screen.findByRole('menuitem', { name: /^Merge/ }));
    await userEvent.click(await within(panel).findByRole('button', { name: 'Merge and update' }));
    const list = await within(panel).findByRole('list', { name: 'Files in conflict' });
    await userEvent.click(within(list).getByRole('button', { name: 'src/lamp.ts' }));
    await waitFor(() => expect(current()).toBe('src/lamp.ts'));
    expect(await seriousFaults()).toEqual([]);
  });

  it('discards with a way back, by the message or by its keys', async () => {
    const { fake } = await showApp(0, prepare);
    const panel = await openReview();
    const discard = /^Discard what is in no commit/;
    await userEvent.click(within(panel).getByRole('button', { name: discard }));
    await within(panel).findByText('This file does not differ any more');
    expect(fake.callsOf('git:discard')).toEqual([{ sessionId: 1, paths: ['src/ui/new.ts'] }]);
    await userEvent.click(await screen.findByText('Undo'));
    await within(panel).findAllByTestId('line');
    expect(screen.getByRole('dialog').isConnected).toBe(true);
    await userEvent.click(within(panel).getByRole('button', { name: /^Discard all/ }));
    await within(panel).findByText('Nothing to review');
    await waitFor(() => expect(document.activeElement).toBe(screen.getByTestId('review')));
    await userEvent.keyboard('{Control>}z{/Control}');
    await within(panel).findAllByTestId('line');
  });

  it('says why a file has no lines', async () => {
    await showApp(0, async (fake) => {
      await prepare(fake);
      fake.git.write(1, 'a.png', { text: 'PNG', binary: true, bytes: 2048 } as never);
      fake.git.write(1, 'b.csv', { text: 'x', bytes: 5_000_000 } as never);
      fake.git.write(1, 'README.md', {
        text: '# Lighthouse\n\nA lamp and a horn.\n',
        mode: '100755',
      });
      fake.git.write(1, 'src/tone.ts', {
        text: "export function sound(): string {\n  return 'loud';\n}\n",
        was: 'src/horn.ts',
      });
    });
    await openReview();
    const told = async (path: string) => {
      await userEvent.click(
        screen
          .getAllByTestId('review-file')
          .find(({ dataset }) => dataset.path === path) as Element,
      );
      await waitFor(() => expect(current()).toBe(path));
      return (await screen.findByTestId('no-lines')).textContent;
    };
    expect(await told('a.png')).toContain('No text, so there are no lines2.0 KiB.');
    expect(await told('b.csv')).toContain('Too large to be compared');
    await waitFor(async () => expect(await told('README.md')).toContain('executable'));
    await waitFor(async () => expect(await told('src/tone.ts')).toContain('src/horn.ts before'));
  });

  it('of a very long file has only a part of its lines in the page', async () => {
    const long = Array.from({ length: 5000 }, (_, index) => `const a${index} = ${index};\n`);
    await showApp(0, async (fake) => {
      await prepare(fake);
      fake.git.write(1, 'src/a.ts', long.join(''));
    });
    press('G', CTRL_SHIFT);
    await screen.findAllByTestId('review-file');
    await userEvent.click(screen.getByText('a.ts'));
    await waitFor(() => expect(lines().length).toBeGreaterThan(50));
    expect(lines().length).toBeLessThan(500);
  });

  it('says that there is nothing to review, and what cannot be read', async () => {
    const { fake } = await showApp(0, (daemon) =>
      daemon.call('session:create', {
        agentType: 'terminal',
        projectPath: PROJECT,
        branch: 'feat/b',
      }),
    );
    press('G', CTRL_SHIFT);
    await screen.findByText('Nothing to review');
    fake.fail('git:diff', { code: 'internal', message: 'The index is locked.' });
    act(() => {
      window.dispatchEvent(new Event('focus'));
    });
    expect((await screen.findByRole('alert')).textContent).toContain('The index is locked.');
    fake.fail('git:diff');
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    await waitFor(() => expect(screen.queryByRole('alert')).toBeNull());
  });
});
