// Programs that use the whole terminal. Each leaves a picture in e2e/output to be looked at;
// what can be checked without eyes is checked here.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openDesk } from './harness/desk.mjs';

const { scenario } = openDesk();

const prompt = /\$\s*$/;

/** The session of the one pane of these tests. */
const only = async (window) => (await window.panes())[0].sessionId;

scenario('a shell to run them in', async ({ window, screenHas }) => {
  const { sessionId: id } = await window.firstPane('Shell');
  await screenHas(id, prompt);
  await window.runIn(id, 'cd ~/project && pwd');
  await screenHas(id, /\/project$/m);
});

scenario('a terminal that xterm fails in is replaced by one that works', async (desk) => {
  const { window, screenHas } = desk;
  const id = await only(window);
  // Erasing to the left from the last cell of a screen without history makes xterm 6 throw,
  // and after that it takes no more output.
  await window.runIn(id, "clear; printf '\\033[999;999H\\033[1J'; echo; echo went-$((20+3))-on");
  await screenHas(id, /^went-23-on$/m);
  // The search box goes with the terminal that it searches.
  await window.shows(id, 'went-23-on');
  await window.runIn(id, 'clear; echo keys-$((20+3))');
  await screenHas(id, /^keys-23$/m);
});

scenario('vim edits and saves a file', async ({ window, home, screenHas }) => {
  const id = await only(window);
  const code = Array.from({ length: 60 }, (_, line) => `fn line_${line}() -> u32 { ${line} }`);
  writeFileSync(join(home.project, 'sample.rs'), `${code.join('\n')}\n`);
  await window.runIn(id, 'vim -u NONE -c "syntax on | set number ruler" sample.rs');
  await screenHas(id, /1 fn line_0/);
  await window.screenshot('vim');
  await window.type('Goadded by hand');
  await window.press('Esc');
  await window.type(':wq');
  await window.press('Enter');
  await screenHas(id, prompt);
  await window.runIn(id, 'clear; tail -n 1 sample.rs');
  await screenHas(id, /^added by hand$/m);
});

scenario('htop draws and quits', async ({ window, screenHas }) => {
  const id = await only(window);
  await window.runIn(id, 'clear; htop');
  await screenHas(id, /Load average/);
  await screenHas(id, /F10\s*Quit/);
  await window.screenshot('htop');
  await window.press('q');
  await screenHas(id, prompt);
});

scenario('less pages and searches', async ({ window, screenHas }) => {
  const id = await only(window);
  await window.runIn(id, 'clear; seq 1 2000 | less');
  await screenHas(id, /^1$/m);
  await window.type('/^1234');
  await window.press('Enter');
  await screenHas(id, /^1234$/m);
  await window.screenshot('less');
  await window.press('q');
  await screenHas(id, prompt);
});

scenario('256 colours, true colour and styles', async ({ window, home, screenHas }) => {
  const id = await only(window);
  const script = [
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the shell's.
    'for i in $(seq 0 255); do printf "\\e[48;5;${i}m %3d \\e[0m" $i; [ $(((i+1)%16)) = 0 ] && echo; done',
    'for i in $(seq 0 79); do printf "\\e[48;2;$((i*3));$((80+i));$((255-i*3))m \\e[0m"; done; echo',
    'printf "\\e[1mbold\\e[0m \\e[2mfaint\\e[0m \\e[3mitalic\\e[0m \\e[4munderline\\e[0m "',
    'printf "\\e[4:3mcurly\\e[0m \\e[7minverse\\e[0m \\e[9mstruck\\e[0m\\n"',
    'echo colours-end',
  ];
  writeFileSync(join(home.project, 'colours.sh'), script.join('\n'));
  await window.runIn(id, 'clear; bash colours.sh');
  await screenHas(id, /^colours-end$/m);
  await window.screenshot('colours');
});

scenario('Unicode keeps its columns', async ({ window, home, screenHas }) => {
  const id = await only(window);
  const sample = [
    '│Latin   │ naïve café Žluťoučký  │',
    '│Greek   │ Ξεσκεπάζω             │',
    '│Cyrillic│ Съешь ещё             │',
    '│Wide    │ 漢字かな 한글         │',
    '│Emoji   │ 🚀🔥✅                │',
    '│Box     │ ┌─┬─┐├─┼─┤└─┴─┘▀▄█░▒▓ │',
    '│Braille │ ⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏            │',
    '│Arrows  │ ←↑→↓ ⇐⇑⇒⇓ ❯ ● ◐ ○ ✳ ◆ │',
    '└unicode-end',
  ];
  writeFileSync(join(home.project, 'unicode.txt'), `${sample.join('\n')}\n`);
  await window.runIn(id, 'clear; cat unicode.txt');
  await screenHas(id, /^└unicode-end$/m);
  await window.screenshot('unicode');
  const screen = await home.screen(id);
  for (const line of sample) assert.ok(screen.includes(line), line);
});
