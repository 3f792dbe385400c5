// From asking to see a session to its whole screen: to the last byte that changes a cell, after
// which nothing comes. By the command that a person types, which starts a process, and for Synk
// also as the window does it, by the session's socket and with all of the scrollback. A shell
// with so many lines behind it, and a full-screen program.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandBinary } from '../scripts/paths.mjs';
import { connect } from './connection.mjs';
import { createPlace, SCROLLBACK, SIZE, UNTIL_SIZED } from './contenders/place.mjs';
import { output, textLines } from './payloads.mjs';
import { differing, openTerminal } from './terminal.mjs';
import { inTurns } from './turns.mjs';

export const title = 'From attaching to the whole screen';
export const rounds = 10;
export const optional = false;

/** On the screen's last row, and so what comes last. */
const MARK = 'all-is-here';
/** Nothing comes for so many milliseconds: it has all come. */
const QUIET = 150;
/** How long a screen may take; what is not restored by then is not restored. */
const LIMIT = 1500;
const SOCKET = 'Synk by its socket';
/** What any command of Synk takes on this machine: tmux is no measure for a slow one. */
const START = 'Synk, a command that does nothing';

/** What is on the screen, by name, as the bytes that put it there. */
const screens = {
  'a shell, 0 lines': '',
  'a shell, 1,000 lines': textLines(1000),
  [`a shell, ${SCROLLBACK.toLocaleString('en-GB')} lines`]: textLines(SCROLLBACK),
  'a full-screen program': `\x1b[?1049h${output('fullScreen', 20_000)}\x1b[${SIZE.rows};40H`,
};

/**
 * Shows what it is given once it is asked to, when its terminal has its size, and again when it
 * is told that the size has changed, as full-screen programs do.
 */
const script = (file) => `stty -echo; ${UNTIL_SIZED}; printf ready; read -r _; cat ${file}
trap 'cat ${file}' WINCH; sleep 100000 & while kill -0 $!; do wait $!; done`;

/** A session whose screen is as it is to be, with nobody attached. */
async function prepared(contender, host, place, at, program) {
  const session = await host.start(`screen-${at}`, program, SIZE);
  const terminal = openTerminal(session.attach, place.environment);
  await terminal.wait('ready');
  await terminal.quiet(QUIET);
  await terminal.type('\r');
  await terminal.wait(MARK);
  await terminal.quiet(QUIET);
  const live = await terminal.screen();
  if (contender.holds) {
    await terminal.type(session.detach);
    await terminal.end();
  }
  await terminal.close();
  return { ...session, live };
}

async function byCommand({ attach }, place) {
  const terminal = openTerminal(attach, place.environment);
  try {
    await terminal.wait(MARK, LIMIT).catch(() => {});
    const { ms } = await terminal.settle(QUIET);
    return { ms, screen: await terminal.screen() };
  } finally {
    await terminal.close();
  }
}

async function bySocket({ socket }, place) {
  const began = performance.now();
  let shown = '';
  const ms = await new Promise((resolve) => {
    const shim = connect(socket, (text) => {
      shown += text;
      if (!text.includes(MARK)) return;
      resolve(performance.now() - began);
      shim.close();
    });
    shim.send({ type: 'attach', scrollback: true, size: SIZE });
  });
  const file = join(place.folder, 'shown');
  writeFileSync(file, shown, 'latin1');
  const terminal = openTerminal(
    ['sh', '-c', `stty raw; cat ${file}; exec sleep 100`],
    place.environment,
  );
  await terminal.wait(MARK);
  await terminal.quiet(QUIET);
  const screen = await terminal.screen();
  await terminal.close();
  return { ms, screen };
}

async function startOnly(_session, place) {
  const terminal = openTerminal([commandBinary, '--version'], place.environment);
  try {
    await terminal.wait('synk');
    return await terminal.settle(QUIET);
  } finally {
    await terminal.close();
  }
}

/** Every contender in its place, with one session for each screen. */
async function opened(contender) {
  const place = createPlace();
  const host = await contender.open(place);
  const sessions = {};
  for (const [at, [name, bytes]] of Object.entries(screens).entries()) {
    const program = place.program(`show-${at}`, script(place.file(`bytes-${at}`, bytes + MARK)));
    sessions[name] = await prepared(contender, host, place, at, program);
  }
  return { name: contender.name, place, host, sessions };
}

export async function run(bench) {
  const open = [];
  const failed = [];
  try {
    for (const contender of bench.contenders) {
      try {
        open.push(await opened(contender));
      } catch (error) {
        if (contender.name === 'Synk') throw error;
        failed.push(`${contender.name} could not do this: ${error.message.split('\n')[0]}`);
      }
    }
    const bare = open.find(({ name }) => name === 'bare PTY').sessions;
    const others = open.filter(({ name }) => name !== 'bare PTY');
    const [ours, ...theirs] = others.map((one) => ({ ...one, look: byCommand }));
    const who = [
      ours,
      { ...ours, name: SOCKET, look: bySocket },
      { ...ours, name: START, look: startOnly },
      ...theirs,
    ];
    const measures = [];
    for (const name of Object.keys(screens)) {
      const { values, notes } = await inTurns(bench, who, async ({ place, sessions, look }) => {
        const { ms, screen } = await look(sessions[name], place);
        return { ms, ...(screen && { cells: differing(screen, bare[name].live) }) };
      });
      measures.push({
        what: `${name}: time`,
        unit: 'ms',
        better: 'less',
        values: values.ms,
        reach: ['Synk', SOCKET].map((of) => ({ of, limit: 10 })),
        guard: [
          { of: 'Synk', than: START, ratio: 3 },
          { of: SOCKET, than: 'Synk', ratio: 4, plus: 2 },
        ],
        notes,
      });
      const exact = ['Synk', SOCKET].map((of) => ({ of, limit: 0 }));
      const cells = { unit: 'cells', better: 'less', values: values.cells };
      measures.push({
        what: `${name}: cells that are not as they were`,
        ...cells,
        reach: exact,
        guard: exact,
      });
    }
    measures[0].notes.push(
      `${SOCKET} is the window's way: no process is started, all of the scrollback comes along, and the time is taken in Node`,
      ...failed,
    );
    return measures;
  } finally {
    for (const { host, place } of open) {
      await host.close();
      place.remove();
    }
  }
}
