// Workspaces, projects and saved layouts to look at.
import { FAKE_HOME, type FakeTransport } from './fake';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const WORKSPACE_NAMES = ['harbour', 'Reviews', 'A long one about the release', 'ops'];

/** So many workspaces; the first is there already. */
export async function addWorkspaces(fake: FakeTransport, count: number): Promise<number[]> {
  const ids = [1];
  if (count < 2) return ids;
  await fake.call('workspace:change', { workspaceId: 1, name: 'lighthouse' });
  for (let index = 1; index < count; index += 1) {
    const name = WORKSPACE_NAMES[index - 1];
    ids.push((await fake.call('workspace:create', name ? { name } : {})).workspaceId);
  }
  return ids;
}

/** Projects that were worked in, one of them with several branches. */
export async function addProjects(fake: FakeTransport): Promise<void> {
  const recent = ['lighthouse', 'harbour', 'fog-horn-firmware'].map(
    (name) => `${FAKE_HOME}/src/${name}`,
  );
  localStorage.setItem('synk.projects', JSON.stringify({ current: recent[0], recent }));
  const lighthouse = fake.git.repository(recent[0] ?? '');
  for (const branch of ['fix/cart-prices', 'feat/login', 'docs/api']) {
    lighthouse?.branches.set(branch, new Map());
  }
}

/** Layouts that were saved of panes that are gone by now. */
export async function addLayouts(
  fake: FakeTransport,
  address: URLSearchParams,
  kinds: string[],
): Promise<void> {
  for (const [index, agentType] of kinds.entries()) {
    const name = index === 3 ? 'server' : agentType.replace('_code', '').replace('_cli', '');
    const projectPath = `${FAKE_HOME}/src/${index % 2 === 0 ? 'lighthouse' : 'harbour'}`;
    await fake.call('session:create', { agentType, projectPath, name });
  }
  const now = Date.now();
  if (address.has('before')) {
    fake.layouts.save('autosave', { automatic: true, savedAt: now - 12 * MINUTE });
  }
  if (address.has('layouts')) {
    fake.layouts.save('Before the release', { savedAt: now - DAY, workspaces: 2 });
    fake.layouts.save('Review round', { savedAt: now - 3 * DAY });
    fake.layouts.save('Bug hunt in the cart', { savedAt: now - 9 * DAY });
    fake.layouts.save('From the laptop', {
      savedAt: now - 40 * DAY,
      agents: [],
      projects: [],
      problem: 'it was saved by Synk 0.9, which is newer than this one; update Synk to restore it',
    });
    fake.layouts.broken.set('server', 'its folder /home/ada/src/harbour is gone; restore it first');
  }
  for (const { sessionId } of await fake.call('session:list', {})) {
    await fake.call('session:destroy', { sessionId });
  }
}
