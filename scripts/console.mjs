// How the scripts speak: one line as a phase begins, one as it ends, with the seconds it took.

import { Problem } from './run.mjs';

const styled = process.stdout.isTTY && !process.env.NO_COLOR;
const style = (code) => (text) => (styled ? `\u001b[${code}m${text}\u001b[0m` : text);
export const bold = style('1');
export const dim = style('2');
export const red = style('31');
export const green = style('32');

export const say = (text = '') => process.stdout.write(`${text}\n`);
export const complain = (text) => process.stderr.write(`${text}\n`);

/** "0.4 s", "12.3 s", "4 min 05 s". */
export function duration(milliseconds) {
  const seconds = milliseconds / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
}

/**
 * Runs one phase. The work answers what there was to say, as in "up to date"; nothing means "done".
 * The opening line is only shown for work that prints or lasts, which is what `announce` is for.
 */
export async function phase(name, work) {
  const began = performance.now();
  const announce = (what) => say(`${bold('•')} ${name}: ${what}`);
  const outcome = (await work(announce)) ?? 'done';
  say(`${green('✓')} ${name}: ${outcome} ${dim(`(${duration(performance.now() - began)})`)}`);
}

/**
 * Runs a script's main function and leaves with its exit code. A Problem is shown as a
 * sentence; anything else is a mistake in the scripts and keeps its stack.
 */
export async function main(script) {
  try {
    process.exitCode = (await script()) ?? 0;
  } catch (error) {
    complain(error instanceof Problem ? `${red('✗')} ${error.message}` : error.stack);
    process.exitCode = 1;
  }
}
