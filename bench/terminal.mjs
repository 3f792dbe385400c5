// A terminal that measures: the program `synk-bench-terminal`, told what to do. What can be told
// stands in its `orders.rs`; the times that it answers are in milliseconds here.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { benchTerminalBinary } from '../scripts/paths.mjs';
import { SIZE } from './contenders/place.mjs';

const milliseconds = (us) => (Array.isArray(us) ? us.map((one) => one / 1000) : us / 1000);

/** Opens a terminal with a program on it; time counts from there. */
export function openTerminal(command, environment, { cols, rows } = SIZE) {
  const terminal = spawn(benchTerminalBinary, [cols, rows, ...command].map(String), {
    env: environment,
    cwd: environment.HOME,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(terminal, 'exit');
  const waiting = [];
  createInterface({ input: terminal.stdout }).on('line', (line) => {
    const { resolve, reject } = waiting.shift();
    const { error, us, ...answer } = JSON.parse(line);
    if (error) reject(new Error(`${command.join(' ')}: ${error}`));
    else resolve(us === undefined || us === null ? answer : { ...answer, ms: milliseconds(us) });
  });
  terminal.stdin.on('error', () => {});
  terminal.on('exit', (code) => {
    for (const { reject } of waiting) reject(new Error(`the terminal ended with ${code}`));
  });
  const tell = (order) =>
    new Promise((resolve, reject) => {
      waiting.push({ resolve, reject });
      terminal.stdin.write(`${JSON.stringify(order)}\n`);
    });
  return {
    pid: terminal.pid,
    type: (text, into) => tell({ do: 'type', text, into }),
    wait: async (text, limit) => (await tell({ do: 'wait', text, limit })).ms,
    report: async (from) => (await tell({ do: 'report', from })).ms,
    echo: async (count, pause) => (await tell({ do: 'echo', count, pause })).ms,
    quiet: (pause, limit) => tell({ do: 'quiet', pause, limit }),
    settle: (pause) => tell({ do: 'settle', pause }),
    bytes: async () => (await tell({ do: 'bytes' })).bytes,
    pause: () => tell({ do: 'pause' }),
    resume: () => tell({ do: 'resume' }),
    hold: () => tell({ do: 'hold' }),
    screen: () => tell({ do: 'screen' }),
    end: () => tell({ do: 'end' }),
    /** Hangs up. */
    async close() {
      terminal.stdin.end();
      await ended;
    },
  };
}

/** How many cells of two screens differ. */
export function differing(one, other) {
  const count = Math.max(one.cells.length, other.cells.length);
  return Array.from({ length: count }, (_, at) => one.cells[at] !== other.cells[at]).filter(Boolean)
    .length;
}
