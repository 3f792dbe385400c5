// The viewer's side of the comparison: feeds bytes to a fresh xterm.js and describes all it
// then holds. One process serves any number of requests, over its standard streams.
//
// A request is `cols, rows, scrollback, parts`, then for each part its length and its bytes;
// a response is, for each part, the length and text of the description once that part was
// fed. All numbers are little-endian u32. The text is compared with what `describe.rs` says
// of the model, so the two must be changed together.
import { readSync, writeSync } from 'node:fs';
import headless from '@xterm/headless';
import { modelWidths } from '../../../../../src/features/terminal/widths.mjs';

const COLOR_MODE = 0x3000000;
const NAMED = 0x1000000;
const INDEXED = 0x2000000;

function color(value) {
  switch (value & COLOR_MODE) {
    case 0:
      return '-';
    case NAMED:
      return `n${value & 0xff}`;
    case INDEXED:
      return `i${value & 0xff}`;
    default:
      return `#${(value & 0xffffff).toString(16).padStart(6, '0')}`;
  }
}

const FOREGROUND_FLAGS = [
  [1 << 27, 'bold '],
  [1 << 26, 'inverse '],
  [1 << 29, 'blink '],
  [1 << 30, 'hidden '],
  [1 << 31, 'strike '],
];
const BACKGROUND_FLAGS = [
  [1 << 27, 'dim '],
  [1 << 26, 'italic '],
  [1 << 29, 'protected '],
  [1 << 30, 'overline '],
];
const UNDERLINED = 1 << 28;
const EXTENDED = 1 << 28;

/** Looks, as one string; `extended` holds what does not fit into the two numbers. */
function look(fg, bg, extended, links) {
  let flags = '';
  for (const [bit, name] of FOREGROUND_FLAGS) if (fg & bit) flags += name;
  for (const [bit, name] of BACKGROUND_FLAGS) if (bg & bit) flags += name;
  let underline = '';
  let link = '';
  if (bg & EXTENDED && extended) {
    // What a program set; the public getter puts a dashed line under every link.
    const style = (extended._ext >> 26) & 7;
    if (fg & UNDERLINED) underline = ` underline ${style} ${color(extended.underlineColor)}`;
    const data = extended.urlId ? links.getLinkData(extended.urlId) : undefined;
    if (extended.urlId) link = ` link ${data?.id ?? ''} ${data?.uri ?? 'forgotten'}`;
  } else if (fg & UNDERLINED) {
    underline = ' underline 1 -';
  }
  return `${color(fg)} ${color(bg)} ${flags}${underline}${link}`;
}

/** One row: the looks wherever they change, and the text with marks for widths. */
function row(line, links, isFirst) {
  // What the first row continues is no longer there.
  let text = line.isWrapped && !isFirst ? '+' : ' ';
  let [fg, bg, extended] = [0, 0, undefined];
  let seen = look(0, 0, undefined, links);
  const data = line._data;
  for (let column = 0; column < line.length; column++) {
    const content = data[column * 3];
    const cellFg = data[column * 3 + 1];
    const cellBg = data[column * 3 + 2];
    const cellExtended = cellBg & EXTENDED ? line._extendedAttrs[column] : undefined;
    if (cellFg !== fg || cellBg !== bg || cellExtended !== extended) {
      [fg, bg, extended] = [cellFg, cellBg, cellExtended];
      const now = look(fg, bg, extended, links);
      if (now !== seen) text += `{${now}}`;
      seen = now;
    }
    const chars = line.getString(column);
    const width = content >> 22;
    if (width === 0 && chars === '') text += '\u0000';
    else text += (chars || ' ') + (width === 2 ? '\u0001' : width === 0 ? '\u0002' : '');
  }
  return text;
}

function rows(buffer, links) {
  const out = [];
  for (let index = 0; index < buffer.lines.length; index++) {
    out.push(row(buffer.lines.get(index), links, index === 0));
  }
  return out;
}

function describe(terminal, told) {
  const core = terminal._core;
  const { normal, alt, active } = core.buffers;
  const links = core._oscLinkService;
  const modes = terminal.modes;
  const pen = core._inputHandler._curAttrData;
  const own = core.coreService.decPrivateModes;
  const { options } = terminal;
  const tabs = [];
  for (let column = 0; column < terminal.cols; column++) if (active.tabs[column]) tabs.push(column);
  const facts = [
    active === alt ? 'alternate' : 'primary',
    `cursor ${active.x},${active.y}`,
    `pen ${look(pen.fg, pen.bg, pen.extended, links)}`,
    `history ${active.ybase}`,
    `margins ${active.scrollTop} ${active.scrollBottom}`,
    `tabs ${tabs.join(' ')}`,
    `style ${own.cursorStyle ?? '-'} ${own.cursorBlink ?? '-'} ${options.cursorBlink}`,
    `hidden ${core.coreService.isCursorHidden}`,
    `keys ${modes.applicationCursorKeysMode} ${modes.applicationKeypadMode}`,
    `insert ${modes.insertMode} newline ${options.convertEol}`,
    `wrap ${modes.wraparoundMode} origin ${modes.originMode}`,
    `mouse ${modes.mouseTrackingMode} ${core.coreMouseService.activeEncoding}`,
    `focus ${modes.sendFocusMode} paste ${modes.bracketedPasteMode}`,
    `reverse ${modes.reverseWraparoundMode}`,
    `holds back ${modes.synchronizedOutputMode}`,
    `title ${told.title}`,
    `directory ${told.directory}`,
    `colours ${[...told.colours].sort(([a], [b]) => a - b).map(([index, value]) => `${index}=${value}`).join(' ')}`,
    ...rows(active, links),
  ];
  if (active === alt) facts.push(`under it, history ${normal.ybase}`, ...rows(normal, links));
  return facts.join('\n');
}

/** What xterm.js passes on instead of keeping. */
function listen(terminal) {
  const told = { title: '', directory: '', colours: new Map() };
  const spec = (value) => value.replace(/^rgb:(..)\/(..)\/(..)$/, '#$1$2$3');
  terminal.onTitleChange((title) => {
    // The model takes a title without blanks around it.
    told.title = title.trim();
  });
  const { parser } = terminal;
  parser.registerOscHandler(7, (data) => {
    told.directory = data;
    return false;
  });
  parser.registerOscHandler(4, (data) => {
    const [index, value] = data.split(';');
    told.colours.set(Number(index), spec(value));
    return false;
  });
  parser.registerOscHandler(104, (data) => {
    if (data !== '') throw new Error('one colour reset is not expected in a snapshot');
    for (let index = 0; index < 256; index++) told.colours.delete(index);
    return false;
  });
  for (const [offset, index] of [256, 257, 258].entries()) {
    parser.registerOscHandler(10 + offset, (data) => {
      told.colours.set(index, spec(data));
      return false;
    });
    parser.registerOscHandler(110 + offset, () => {
      told.colours.delete(index);
      return false;
    });
  }
  return told;
}

function read(length) {
  const bytes = new Uint8Array(length);
  let have = 0;
  while (have < length) {
    let got;
    try {
      got = readSync(0, bytes, have, length - have);
    } catch (error) {
      if (error.code === 'EAGAIN') continue;
      throw error;
    }
    if (got === 0) process.exit(0);
    have += got;
  }
  return bytes;
}

function readNumbers(count) {
  return new Uint32Array(read(count * 4).buffer);
}

function write(bytes) {
  let done = 0;
  while (done < bytes.length) done += writeSync(1, bytes, done, bytes.length - done);
}

for (;;) {
  const [cols, rowCount, scrollback, parts] = readNumbers(4);
  const terminal = new headless.Terminal({
    allowProposedApi: true,
    cols,
    rows: rowCount,
    scrollback,
    logLevel: 'off',
  });
  terminal.unicode.register(modelWidths);
  terminal.unicode.activeVersion = modelWidths.version;
  const told = listen(terminal);
  terminal.onData((data) => {
    if (!/^\x1b\[[IO]$/.test(data)) throw new Error(`a snapshot asks nothing: ${JSON.stringify(data)}`);
  });
  for (let part = 0; part < parts; part++) {
    const [length] = readNumbers(1);
    const bytes = read(length);
    let answer;
    try {
      // The same parser as `write`, without waiting for a timer.
      terminal._core.writeSync(bytes);
      answer = describe(terminal, told);
    } catch (error) {
      answer = `xterm.js failed: ${error.stack}`;
    }
    const text = Buffer.from(answer);
    const head = new Uint8Array(new Uint32Array([text.length]).buffer);
    write(head);
    write(text);
  }
  terminal.dispose();
}
