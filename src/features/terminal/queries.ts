// Keeps xterm silent when a program asks the terminal a question. The session's shim answers
// every query, with or without a window; a second answer would end up as typed text in
// whatever the program does next. Setting things by the same sequences still works.
import type { Terminal } from '@xterm/xterm';

/** Window operations (`CSI Ps t`) that ask for a report. */
const WINDOW_REPORTS = new Set([11, 13, 14, 15, 16, 18, 19, 20, 21]);
/** Colours, palette and special colours: a `?` in place of a colour is a question. */
const COLOUR_COMMANDS = [4, 5, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19];
const CLIPBOARD_COMMAND = 52;

/**
 * Handlers that are registered later are asked first: call this after loading addons.
 */
export function silenceQueries(terminal: Terminal): void {
  const { parser } = terminal;
  const swallow = () => true;
  const isQuestion = (data: string) => data.split(';').includes('?');
  // Device attributes: primary, secondary, tertiary.
  parser.registerCsiHandler({ final: 'c' }, swallow);
  parser.registerCsiHandler({ prefix: '>', final: 'c' }, swallow);
  parser.registerCsiHandler({ prefix: '=', final: 'c' }, swallow);
  // Status and cursor position, plain and private.
  parser.registerCsiHandler({ final: 'n' }, swallow);
  parser.registerCsiHandler({ prefix: '?', final: 'n' }, swallow);
  // Is this mode set?
  parser.registerCsiHandler({ intermediates: '$', final: 'p' }, swallow);
  parser.registerCsiHandler({ prefix: '?', intermediates: '$', final: 'p' }, swallow);
  // Name and version of the terminal.
  parser.registerCsiHandler({ prefix: '>', final: 'q' }, swallow);
  // Flags of the kitty keyboard protocol.
  parser.registerCsiHandler({ prefix: '?', final: 'u' }, swallow);
  // Terminal parameters and checksums.
  parser.registerCsiHandler({ final: 'x' }, swallow);
  parser.registerCsiHandler({ intermediates: '*', final: 'y' }, swallow);
  // Sizes of the window, of the text area and of a cell, and its titles.
  parser.registerCsiHandler({ final: 't' }, ([operation]) =>
    WINDOW_REPORTS.has(Array.isArray(operation) ? (operation[0] ?? 0) : (operation ?? 0)),
  );
  // Settings and terminfo capabilities.
  parser.registerDcsHandler({ intermediates: '$', final: 'q' }, swallow);
  parser.registerDcsHandler({ intermediates: '+', final: 'q' }, swallow);
  for (const command of COLOUR_COMMANDS) parser.registerOscHandler(command, isQuestion);
  parser.registerOscHandler(CLIPBOARD_COMMAND, isQuestion);
}
