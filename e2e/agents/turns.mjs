// The real agents, driven through the daemon as a window drives them, with a model on the
// loopback interface: a prompt is accepted, the status tells what the agent does and never
// anything else, what it asks for is allowed, and the cost is what the model said.
//
// Started by `npm run test:agents`, which installs them.

import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { connect } from '../../bench/connection.mjs';
import { createHome } from '../harness/home.mjs';
import { waitFor } from '../harness/waiting.mjs';
import { AGENTS, cache, programsOf } from './agents.mjs';
import { startModel } from './model.mjs';

/** Gemini CLI takes seconds to start. */
const LIMIT = 60_000;

const chosen = (process.env.SYNK_TEST_AGENTS ?? '').split(' ');

/** A home with one agent, its model, and a session that runs it. */
async function start(agent) {
  const model = await startModel();
  const home = createHome(agent.environment(model.port), cache);
  // The system's own start-up files set PATH; the user's come after them.
  writeFileSync(
    join(home.user, '.bash_profile'),
    `PATH='${programsOf(agent)}':$PATH\n. ~/.bashrc\n`,
  );
  agent.prepare(home.user, home.project, model.port);
  await home.synk('ls');

  const statuses = [];
  const receipts = [];
  const costs = [];
  const hear = {
    'session:changed': ({ sessions }) => {
      const status = sessions.find((one) => one.sessionId === session?.sessionId)?.status;
      const last = statuses.at(-1);
      if (status && (status.state !== last?.state || status.since !== last?.since)) {
        statuses.push(status);
      }
    },
    'dispatch:receipt': (receipt) => receipts.push(receipt),
    'cost:updated': (cost) => costs.push(cost),
  };
  let session;
  const daemon = connect(
    join(home.environment.SYNK_HOME, 'run', 'daemon.sock'),
    undefined,
    ({ event, payload }) => hear[event]?.(payload),
  );
  session = await daemon.call('session:create', {
    agentType: agent.type,
    projectPath: home.project,
    background: true,
  });
  const { sessionId } = session;

  const current = async () => (await daemon.call('session:status', { sessionId })).status;
  return {
    model,
    home,
    sessionId,
    statuses,
    receipts,
    costs,
    daemon,
    /** Waits until the status is one of these. */
    status: (...states) =>
      waitFor(
        `${agent.name} to be ${states.join(' or ')}`,
        async () => {
          const status = await current();
          if (states.includes(status.state)) return status;
          throw new Error(
            `${JSON.stringify(status)} with the screen\n${await home.screen(sessionId)}`,
          );
        },
        LIMIT,
      ),
    /** Sends a prompt and waits for the last that becomes of it. */
    async send(text) {
      const [first] = await daemon.call('dispatch:send', { sessionIds: [sessionId], text });
      const of = () => [first, ...receipts.filter((one) => one.promptId === first.promptId)];
      const last = await waitFor(
        `the end of prompt ${first.promptId}`,
        () => {
          const { state } = of().at(-1);
          return !['queued', 'sent', 'accepted'].includes(state) && of().at(-1);
        },
        LIMIT,
      );
      return { ...last, shown: `${last.reason}\n${await home.screen(sessionId)}` };
    },
    /**
     * Allows what it asks for, once its dialog is there, which is after it says so; and again,
     * since a dialog that has just come takes no key.
     */
    allow: () =>
      waitFor(
        `${agent.name} to be allowed`,
        async () => {
          const asks = async () => agent.asks.test(await home.screen(sessionId));
          await waitFor(`${agent.name}'s dialog`, asks, 5000);
          await daemon.call('session:write', { sessionId, data: agent.yes });
          const goesOn = async () => (await current()).state !== 'waiting';
          return waitFor(`${agent.name} to go on`, goesOn, 1000);
        },
        LIMIT,
      ),
    turn: (count) => waitFor(`turn ${count}`, () => model.turns[count - 1], LIMIT),
    async close() {
      daemon.close();
      try {
        await home.close();
      } finally {
        model.close();
      }
    },
  };
}

/** The states that a session went through, as words, each once in a row. */
function passed(statuses) {
  const words = statuses.map(({ state, waitingFor }) =>
    state === 'waiting' ? `waiting for ${waitingFor}` : state,
  );
  return words.filter((word, index) => word !== words[index - 1]);
}

for (const agent of AGENTS.filter(({ name }) => chosen.includes(name))) {
  test(`${agent.name} ${agent.version} works, waits, works and is done`, async (t) => {
    const run = await start(agent);
    t.after(() => run.close());
    const { model, daemon, sessionId } = run;
    await run.status('idle');

    const prompt = 'Please make a file:\n\t[[run touch made-by-the-agent]] – 漢字 👩‍👩‍👧';
    model.hold();
    const sent = await run.send(prompt);
    assert.equal(sent.state, 'working', sent.shown);
    assert.equal((await run.status('working')).waitingFor, null);
    const first = await run.turn(1);
    // Claude Code writes a tab as four spaces; the others keep it.
    assert.equal(first.prompt.replace('\n    [[', '\n\t[['), prompt);

    model.release();
    const waiting = await run.status('waiting');
    assert.equal(waiting.waitingFor, 'permission');
    const blocked = await run.send('not into a dialog');
    assert.equal(blocked.state, 'blocked', blocked.shown);
    assert.equal(model.turns.length, 1);

    model.hold();
    await run.allow();
    await run.turn(2);
    await run.status('working');
    model.release();
    await run.status('done');
    // Codex says once more that it works and is idle, right after its start.
    assert.deepEqual(passed(run.statuses).slice(-4), [
      'working',
      'waiting for permission',
      'working',
      'done',
    ]);
    assert.ok(existsSync(join(run.home.project, 'made-by-the-agent')));
    await daemon.call('session:seen', { sessionIds: [sessionId] });
    await run.status('idle');

    const again = await run.send('And again.');
    assert.equal(again.state, 'working', again.shown);
    await run.turn(3);
    await run.status('done');
    assert.deepEqual(
      model.turns.map(({ prompt, result }) => (result ? 'a result' : prompt)),
      [first.prompt, 'a result', 'And again.'],
    );

    const cost = await waitFor(
      'the cost of three turns',
      () => {
        assert.deepEqual(run.costs.at(-1)?.cumulative.cost.tokens, model.used);
        return run.costs.at(-1).cumulative;
      },
      LIMIT,
    );
    assert.equal(cost.source, 'transcript');
    assert.equal(cost.cost.unpricedTokens, 0, `${cost.models} have no price`);
    const sum = run.costs.reduce((total, { delta }) => total + delta.nanodollars, 0);
    assert.equal(sum, cost.cost.nanodollars);
    t.diagnostic(`${agent.name} ${agent.version}: ${passed(run.statuses).join(' → ')}`);
    t.diagnostic(`${JSON.stringify(model.used)}, ${cost.cost.nanodollars / 1e9} dollars`);
  });
}
